package io.grape.node.security;

import io.grape.codecs.GrapeException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets in who has a key of a {@link KeyFile}.
 *
 * <p>The file is looked at once a second on a thread of its own; when it has changed, the new keys count, and sessions of keys
 * that are gone are closed by whoever owns them. A changed file that cannot be read leaves the keys as they were.
 */
public final class KeyAuthenticator implements Authenticator, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(KeyAuthenticator.class);
    private static final long LOOK_INTERVAL_MS = 1_000;

    private final Path file;
    /** Compared with when there is no such key, so that the time tells nothing of which names there are. */
    private final ApiKey nobody =
            ApiKey.make("nobody", Role.READ, new SecureRandom()).key();

    private final ScheduledExecutorService looking;
    private volatile Keys keys;

    private record Keys(long generation, FileTime changed, Map<String, ApiKey> byName) {}

    private KeyAuthenticator(Path file, Keys keys) {
        this.file = file;
        this.keys = keys;
        this.looking = Executors.newSingleThreadScheduledExecutor(work -> {
            Thread thread = new Thread(work, "grape-keys");
            thread.setDaemon(true);
            return thread;
        });
    }

    /**
     * Reads a file and goes on looking at it.
     *
     * @throws GrapeException INVALID_CONFIGURATION if it cannot be read
     */
    public static KeyAuthenticator open(Path file) {
        KeyAuthenticator opened = new KeyAuthenticator(file, read(file, 1));
        var _ = opened.looking.scheduleWithFixedDelay(
                opened::look, LOOK_INTERVAL_MS, LOOK_INTERVAL_MS, TimeUnit.MILLISECONDS);
        return opened;
    }

    private static Keys read(Path file, long generation) {
        FileTime changed = changed(file);
        List<ApiKey> listed = KeyFile.read(file);
        Map<String, ApiKey> byName = new HashMap<>();
        listed.forEach(key -> byName.put(key.name(), key));
        return new Keys(generation, changed, byName);
    }

    private static FileTime changed(Path file) {
        try {
            return Files.getLastModifiedTime(file);
        } catch (IOException absent) {
            return FileTime.fromMillis(0);
        }
    }

    /** Takes a changed file in. */
    void look() {
        Keys held = keys;
        try {
            if (!changed(file).equals(held.changed())) {
                Keys next = read(file, held.generation() + 1);
                keys = next;
                LOG.info("keys read file={} keys={}", file, next.byName().size());
            }
        } catch (GrapeException unreadable) {
            LOG.error("keys kept as they were file={} text={}", file, unreadable.getMessage());
        }
    }

    @Override
    public @Nullable Principal authenticate(byte[] credentials) {
        String text = new String(credentials, StandardCharsets.US_ASCII);
        ApiKey key = keys.byName().get(ApiKey.nameOf(text));
        boolean isRight = (key == null ? nobody : key).matches(text);
        return key != null && isRight ? new Principal(key.name(), key.role()) : null;
    }

    @Override
    public boolean isValid(Principal principal) {
        ApiKey key = keys.byName().get(principal.name());
        return key != null && key.role() == principal.role();
    }

    @Override
    public long generation() {
        return keys.generation();
    }

    @Override
    public void close() {
        looking.shutdownNow();
    }
}
