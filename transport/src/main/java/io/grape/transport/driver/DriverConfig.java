package io.grape.transport.driver;

import io.grape.codecs.GrapeException;
import io.grape.codecs.sbe.ErrorCode;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The media driver: one inside this process, or one that runs already.
 *
 * @param directory          where its files lie; null picks shared memory if there is room, else the temporary folder
 * @param external           connect to a driver that runs in {@code directory} instead of starting one
 * @param dedicatedThreads   conductor, sender and receiver on a thread each instead of on one; needs the cores
 * @param idleMode           how the driver's threads wait
 * @param socketBufferLength wished length of the sockets' buffers, bytes; the platform's limit bounds it
 * @param requiredSpaceBytes room that the term buffers will need; decides whether shared memory suffices
 */
public record DriverConfig(
        @Nullable Path directory,
        boolean external,
        boolean dedicatedThreads,
        IdleMode idleMode,
        int socketBufferLength,
        long requiredSpaceBytes) {
    /** Room for a window of 1 MiB with the kernel's own overhead for each packet. */
    public static final int DEFAULT_SOCKET_BUFFER_LENGTH = 2 * 1024 * 1024;

    /** Room for a node of a three-node cluster with a few clients. */
    public static final long DEFAULT_REQUIRED_SPACE_BYTES = 128L * 1024 * 1024;

    private static final int MIN_SOCKET_BUFFER_LENGTH = 16 * 1024;

    /** Refuses what cannot work, naming the key. */
    public DriverConfig {
        if (external && directory == null) {
            throw new GrapeException(
                    ErrorCode.INVALID_CONFIGURATION, "aeronDirectory: an external driver needs its directory");
        }
        if (socketBufferLength < MIN_SOCKET_BUFFER_LENGTH) {
            throw new GrapeException(
                    ErrorCode.INVALID_CONFIGURATION,
                    "socketBufferLength: at least " + MIN_SOCKET_BUFFER_LENGTH + " bytes, not " + socketBufferLength);
        }
        if (requiredSpaceBytes < 0) {
            throw new GrapeException(
                    ErrorCode.INVALID_CONFIGURATION,
                    "requiredSpaceBytes: must not be negative, but is " + requiredSpaceBytes);
        }
    }

    /** Returns a driver inside this process with every default. */
    public static DriverConfig embedded() {
        return new DriverConfig(
                null, false, false, IdleMode.BACKOFF, DEFAULT_SOCKET_BUFFER_LENGTH, DEFAULT_REQUIRED_SPACE_BYTES);
    }

    /**
     * Returns a driver that runs already.
     *
     * @param directory where its files lie
     * @return the configuration
     */
    public static DriverConfig external(Path directory) {
        return new DriverConfig(directory, true, false, IdleMode.BACKOFF, DEFAULT_SOCKET_BUFFER_LENGTH, 0);
    }

    /** Returns this with another directory. */
    public DriverConfig withDirectory(@Nullable Path value) {
        return new DriverConfig(value, external, dedicatedThreads, idleMode, socketBufferLength, requiredSpaceBytes);
    }

    /** Returns this with another way to wait. */
    public DriverConfig withIdleMode(IdleMode value) {
        return new DriverConfig(directory, external, dedicatedThreads, value, socketBufferLength, requiredSpaceBytes);
    }

    /** Returns this with another need of room. */
    public DriverConfig withRequiredSpace(long value) {
        return new DriverConfig(directory, external, dedicatedThreads, idleMode, socketBufferLength, value);
    }
}
