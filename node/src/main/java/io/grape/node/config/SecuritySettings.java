package io.grape.node.config;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Who may talk to a node.
 *
 * @param keysFile          API keys of clients, hashed; null lets every client do everything
 * @param failuresPerSecond connects without good credentials that are answered in a second
 */
public record SecuritySettings(@Nullable Path keysFile, int failuresPerSecond) {
    private static final int DEFAULT_FAILURES = 10;

    /** Checks the values. */
    public SecuritySettings {
        if (failuresPerSecond < 1 || failuresPerSecond > 1_000) {
            throw NodeConfig.invalid("security.failures-per-s must be 1 to 1000");
        }
    }

    /** Returns a node that trusts everybody who reaches it. */
    public static SecuritySettings none() {
        return new SecuritySettings(null, DEFAULT_FAILURES);
    }
}
