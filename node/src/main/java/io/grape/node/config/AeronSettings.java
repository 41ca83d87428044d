package io.grape.node.config;

import org.jspecify.annotations.Nullable;

/**
 * Which media driver carries the node's streams.
 *
 * @param external  use a driver that runs already, in {@code directory}
 * @param directory of the driver; null lets an embedded driver choose one of its own
 */
public record AeronSettings(boolean external, @Nullable String directory) {
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
