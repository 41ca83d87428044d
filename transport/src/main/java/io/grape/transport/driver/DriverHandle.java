package io.grape.transport.driver;

import io.aeron.Aeron;
import io.aeron.driver.MediaDriver;
import io.aeron.driver.ThreadingMode;
import io.aeron.exceptions.AeronException;
import io.grape.codecs.FaultException;
import io.grape.codecs.sbe.ErrorCode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.agrona.CloseHelper;
import org.agrona.ErrorHandler;
import org.agrona.IoUtil;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running media driver, ours or another's, and this process's Aeron client of it.
 *
 * <p>Any thread. An embedded driver lives and dies with the process, so its liveness time-outs are a minute: a process
 * that was suspended, or whose wall clock jumped, goes on instead of losing its driver.
 */
public final class DriverHandle implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DriverHandle.class);
    private static final Path SHARED_MEMORY = Path.of("/dev/shm");
    private static final Path TEMPORARY = Path.of(System.getProperty("java.io.tmpdir", "/tmp"));
    private static final List<Path> PARENTS = List.of(SHARED_MEMORY, TEMPORARY);
    private static final Path RMEM_MAX = Path.of("/proc/sys/net/core/rmem_max");
    private static final Path WMEM_MAX = Path.of("/proc/sys/net/core/wmem_max");
    private static final long EMBEDDED_LIVENESS_NS = TimeUnit.SECONDS.toNanos(60);
    private static final long EMBEDDED_UNBLOCK_NS = TimeUnit.SECONDS.toNanos(90);
    private static final long EXTERNAL_TIMEOUT_MS = TimeUnit.SECONDS.toMillis(5);
    private static final int MAX_SETTING_LENGTH = 64;
    private static final int MAX_WINDOW_LENGTH = 1024 * 1024;

    private final @Nullable MediaDriver driver;
    private final Aeron aeron;
    private final Path directory;
    private final WakeableIdle idle;

    private DriverHandle(@Nullable MediaDriver driver, Aeron aeron, Path directory, WakeableIdle idle) {
        this.driver = driver;
        this.aeron = aeron;
        this.directory = directory;
        this.idle = idle;
    }

    /**
     * Starts or finds the driver for a node.
     *
     * @param config   which driver
     * @param nodeId   node
     * @param endpoint host:port that the node listens on and that was found free
     * @return a handle to close
     */
    public static DriverHandle forNode(DriverConfig config, int nodeId, String endpoint) {
        String user = user();
        if (!config.external()) {
            for (Path parent : PARENTS) {
                if (Files.isDirectory(parent)) {
                    DriverDirectory.removeOwn(parent, user, nodeId, endpoint);
                }
            }
            removeLeftOvers(user);
        }
        return open(config, DriverDirectory.nodeName(user, nodeId, endpoint, processId()));
    }

    /**
     * Starts or finds the driver for a client.
     *
     * @param config which driver
     * @param unique tells the clients of one process apart
     * @return a handle to close
     */
    public static DriverHandle forClient(DriverConfig config, long unique) {
        String user = user();
        if (!config.external()) {
            removeLeftOvers(user);
        }
        return open(config, DriverDirectory.clientName(user, unique, processId()));
    }

    private static String user() {
        return System.getProperty("user.name", "user");
    }

    private static long processId() {
        return ProcessHandle.current().pid();
    }

    private static void removeLeftOvers(String user) {
        for (Path parent : PARENTS) {
            int removed = Files.isDirectory(parent) ? DriverDirectory.removeLeftOvers(parent, user) : 0;
            if (removed > 0) {
                LOG.info("removed {} driver directories that dead processes left in {}", removed, parent);
            }
        }
    }

    private static DriverHandle open(DriverConfig config, String name) {
        if (config.external()) {
            Path directory = requireDirectory(config);
            if (!Files.isDirectory(directory)) {
                throw noDriver(directory, "there is no such directory", null);
            }
            // Nobody here idles with it, so that to wake it does nothing.
            return new DriverHandle(
                    null,
                    connect(directory, false),
                    directory,
                    new WakeableIdle(config.idleMode(), WakeableIdle.ALONE_NS));
        }
        Path directory = config.directory();
        if (directory == null) {
            directory = DriverDirectory.choose(SHARED_MEMORY, TEMPORARY, name, config.requiredSpaceBytes());
        } else {
            DriverDirectory.checkNamed(directory);
        }
        WakeableIdle idle = new WakeableIdle(config.idleMode(), WakeableIdle.ALONE_NS);
        MediaDriver driver = launch(config, directory, idle);
        try {
            return new DriverHandle(driver, connect(directory, true), directory, idle);
        } catch (RuntimeException failed) {
            CloseHelper.quietClose(driver);
            throw failed;
        }
    }

    private static Path requireDirectory(DriverConfig config) {
        Path directory = config.directory();
        if (directory == null) {
            throw new IllegalStateException("an external driver without directory passed the check");
        }
        return directory;
    }

    private static MediaDriver launch(DriverConfig config, Path directory, WakeableIdle idle) {
        int receiveLength = socketBufferLength(RMEM_MAX, config.socketBufferLength());
        MediaDriver.Context context = new MediaDriver.Context()
                .aeronDirectoryName(directory.toString())
                .dirDeleteOnStart(true)
                .dirDeleteOnShutdown(true)
                .warnIfDirectoryExists(false)
                .termBufferSparseFile(false)
                .threadingMode(config.dedicatedThreads() ? ThreadingMode.DEDICATED : ThreadingMode.SHARED)
                .sharedIdleStrategy(idle)
                .conductorIdleStrategy(IdleMode.BACKOFF.newStrategy())
                .senderIdleStrategy(config.idleMode().newStrategy())
                .receiverIdleStrategy(config.idleMode().newStrategy())
                .socketRcvbufLength(receiveLength)
                .socketSndbufLength(socketBufferLength(WMEM_MAX, config.socketBufferLength()))
                .initialWindowLength(Math.min(MAX_WINDOW_LENGTH, receiveLength / 2))
                .driverTimeoutMs(TimeUnit.NANOSECONDS.toMillis(EMBEDDED_LIVENESS_NS))
                .clientLivenessTimeoutNs(EMBEDDED_LIVENESS_NS)
                .publicationUnblockTimeoutNs(EMBEDDED_UNBLOCK_NS)
                .errorHandler(errorHandler());
        try {
            return MediaDriver.launch(context);
        } catch (RuntimeException failed) {
            IoUtil.delete(directory.toFile(), true);
            throw new FaultException(
                    FaultException.Severity.FAIL_NODE,
                    ErrorCode.IO_FAILURE,
                    "The media driver did not start in " + directory + ": " + failed.getMessage()
                            + ". Check that the directory can be written and has room.",
                    failed);
        }
    }

    private static Aeron connect(Path directory, boolean embedded) {
        Aeron.Context context =
                new Aeron.Context().aeronDirectoryName(directory.toString()).errorHandler(errorHandler());
        context.driverTimeoutMs(embedded ? TimeUnit.NANOSECONDS.toMillis(EMBEDDED_LIVENESS_NS) : EXTERNAL_TIMEOUT_MS);
        try {
            return Aeron.connect(context);
        } catch (AeronException absent) {
            throw noDriver(directory, absent.getMessage(), absent);
        }
    }

    private static FaultException noDriver(Path directory, @Nullable String why, @Nullable Throwable cause) {
        return new FaultException(
                FaultException.Severity.FAIL_NODE,
                ErrorCode.IO_FAILURE,
                "No media driver answers in " + directory + ": " + why
                        + ". Start it, or leave the directory out to have one inside this process.",
                cause);
    }

    private static ErrorHandler errorHandler() {
        return failure -> {
            if (failure instanceof AeronException known && known.category() == AeronException.Category.WARN) {
                LOG.warn("aeron: {}", known.getMessage());
            } else {
                LOG.error("aeron: {}", failure.getMessage(), failure);
            }
        };
    }

    /**
     * Returns the length of socket buffers that the platform grants.
     *
     * @param limitFile where the platform says its limit
     * @param wished    wished length
     * @return the smaller of both
     */
    static int socketBufferLength(Path limitFile, int wished) {
        if (!Files.isReadable(limitFile)) {
            return wished;
        }
        try (InputStream in = Files.newInputStream(limitFile)) {
            // One read: the kernel gives a setting's whole text to the first read and nothing to the next.
            byte[] text = new byte[MAX_SETTING_LENGTH];
            int length = Math.max(0, in.read(text));
            long limit = Long.parseLong(new String(text, 0, length, StandardCharsets.US_ASCII).trim());
            if (limit >= wished) {
                return wished;
            }
            LOG.warn(
                    "net.core.{} is {} bytes and {} are wished: bursts may be lost and sent again. "
                            + "Raise it with: sysctl -w net.core.{}={}",
                    limitFile.getFileName(),
                    limit,
                    wished,
                    limitFile.getFileName(),
                    wished);
            return (int) limit;
        } catch (IOException | NumberFormatException unreadable) {
            LOG.warn("Cannot read {}: {}", limitFile, unreadable.toString());
            return wished;
        }
    }

    /** Returns the Aeron client; this handle closes it. */
    public Aeron aeron() {
        return aeron;
    }

    /**
     * Returns how the one thread that polls this process's streams is to wait: an embedded driver wakes it when something came,
     * and it wakes the driver when it did something.
     *
     * @param mode how it waits
     */
    public WakeableIdle pollerIdle(IdleMode mode) {
        WakeableIdle poller = new WakeableIdle(mode, isEmbedded() ? WakeableIdle.WOKEN_NS : WakeableIdle.ALONE_NS);
        poller.wakes(idle);
        idle.wakes(poller);
        return poller;
    }

    /** Returns how the driver's thread waits, for other threads that send; nobody idles with it if the driver is external. */
    public WakeableIdle idle() {
        return idle;
    }

    /** Returns where the driver's files lie. */
    public Path directory() {
        return directory;
    }

    /** Returns whether the driver is inside this process. */
    public boolean isEmbedded() {
        return driver != null;
    }

    /** Closes the client, and the driver if it is ours. Idempotent. */
    @Override
    public void close() {
        CloseHelper.closeAll(aeron, driver);
    }
}
