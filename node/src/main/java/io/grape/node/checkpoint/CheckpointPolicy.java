package io.grape.node.checkpoint;

/**
 * When a checkpoint is taken, and how much of the log stays behind it.
 *
 * @param entries         entries applied since the last one from which another is due
 * @param journalBytes    bytes written to the journal since then from which another is due
 * @param intervalNs      time since then after which another is due if anything was applied
 * @param minIntervalNs   least time between the begins of two, so that forces never follow one another without a pause
 * @param trailingEntries entries kept in the log although the checkpoint covers them, for followers that are a little behind
 */
public record CheckpointPolicy(
        long entries, long journalBytes, long intervalNs, long minIntervalNs, long trailingEntries) {
    /** Checks the values. */
    public CheckpointPolicy {
        if (entries < 1 || journalBytes < 1 || intervalNs < 1 || minIntervalNs < 0 || trailingEntries < 0) {
            throw new IllegalArgumentException("a checkpoint policy takes positive numbers: " + entries + ", "
                    + journalBytes + ", " + intervalNs + ", " + minIntervalNs + ", " + trailingEntries);
        }
    }

    /** Whether a checkpoint is due. */
    boolean isDue(long entriesSince, long bytesSince, long nsSince) {
        return entriesSince > 0
                && nsSince >= minIntervalNs
                && (entriesSince >= entries || bytesSince >= journalBytes || nsSince >= intervalNs);
    }
}
