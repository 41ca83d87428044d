package io.grape.node.config;

/**
 * When a group's state is saved, and how much of the log stays behind it.
 *
 * @param entries          entries applied since the last checkpoint from which another is taken
 * @param journalMib       MiB written to the journal since then from which another is taken
 * @param intervalSeconds  time since then after which another is taken if anything was applied
 * @param trailingEntries  entries that stay in the log for followers that are a little behind
 * @param sendMibPerSecond most MiB a second that a leader sends of a snapshot
 */
public record CheckpointSettings(
        int entries, int journalMib, int intervalSeconds, int trailingEntries, int sendMibPerSecond) {
    /** Checks the values. */
    public CheckpointSettings {
        if (entries < 1 || journalMib < 1 || intervalSeconds < 1 || trailingEntries < 0 || sendMibPerSecond < 1) {
            throw NodeConfig.invalid("checkpoint.entries, checkpoint.journal-mib, checkpoint.interval-s and "
                    + "checkpoint.send-mib-per-s must be at least 1, checkpoint.trailing-entries at least 0");
        }
    }

    /** Returns a checkpoint every 100,000 entries, 256 MiB of journal or 5 minutes; 10,000 entries stay; 64 MiB/s. */
    public static CheckpointSettings defaults() {
        return new CheckpointSettings(100_000, 256, 300, 10_000, 64);
    }
}
