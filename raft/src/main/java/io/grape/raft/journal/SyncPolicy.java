package io.grape.raft.journal;

import java.util.Locale;

/** What a reply waits for, and when the disk is made to keep what was written. */
public enum SyncPolicy {
    /** Replies wait until their batch is forced. Nothing acknowledged is lost with a machine's power. */
    FORCE,
    /** Replies wait for the write alone; a force follows every so many milliseconds. A power cut loses up to that much. */
    ASYNC,
    /** Replies wait for the write alone; the operating system decides. Survives a killed process, not a power cut. */
    NONE;

    /** Returns the name used in configuration, metrics and benchmarks. */
    public String configName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Returns the policy with a configuration name. */
    public static SyncPolicy ofConfigName(String name) {
        for (SyncPolicy policy : values()) {
            if (policy.configName().equals(name)) {
                return policy;
            }
        }
        throw new IllegalArgumentException("sync policy must be force, async or none, not " + name);
    }
}
