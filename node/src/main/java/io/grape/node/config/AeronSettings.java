package io.grape.node.config;

import io.grape.transport.driver.IdleMode;
import org.jspecify.annotations.Nullable;

/**
 * Which media driver carries the node's streams, and how the threads around it wait.
 *
 * @param external  use a driver that runs already, in {@code directory}
 * @param directory of the driver; null lets an embedded driver choose one of its own
 * @param idle      how the node's threads and an embedded driver's wait for work
 */
public record AeronSettings(boolean external, @Nullable String directory, IdleMode idle) {
    /** As given, with threads that back off. */
    public AeronSettings(boolean external, @Nullable String directory) {
        this(external, directory, IdleMode.BACKOFF);
    }

    /** Checks the values. */
    public AeronSettings {
        if (external && directory == null) {
            throw NodeConfig.invalid("aeron.external: an external driver needs aeron.directory");
        }
    }

    /** Returns a driver inside the process. */
    public static AeronSettings embedded() {
        return new AeronSettings(false, null);
    }
}
