package io.grape.raft.core;

/**
 * The bounds of a group.
 *
 * @param maxEntriesPerAppend  entries in one AppendEntries, 1..65534
 * @param maxBytesPerAppend    payload bytes in one AppendEntries and in one entry, at most 256 KiB
 * @param maxInflightAppends   appends with entries that a peer may leave unanswered
 * @param maxInflightBytes     payload bytes that a peer may leave unanswered
 * @param maxUncommittedBytes  bytes of proposals that a leader accepts ahead of their commit
 * @param maxPendingReads      linearizable reads that wait for confirmation
 */
public record RaftLimits(
        int maxEntriesPerAppend,
        int maxBytesPerAppend,
        int maxInflightAppends,
        long maxInflightBytes,
        long maxUncommittedBytes,
        int maxPendingReads) {
    /** The longest payload that the wire and the journal agree on. */
    public static final int MAX_BYTES_PER_APPEND = 256 * 1024;

    /** 1024 entries or 256 KiB an append, 64 appends or 4 MiB in flight, 64 MiB uncommitted, 4096 reads. */
    public static final RaftLimits DEFAULT = new RaftLimits(1024, MAX_BYTES_PER_APPEND, 64, 4L << 20, 64L << 20, 4096);

    /** Refuses bounds that could never let anything through. */
    public RaftLimits {
        require(maxEntriesPerAppend >= 1 && maxEntriesPerAppend <= 65_534, "maxEntriesPerAppend must be 1..65534");
        require(
                maxBytesPerAppend >= 1 && maxBytesPerAppend <= MAX_BYTES_PER_APPEND,
                "maxBytesPerAppend must be 1..262144");
        require(maxInflightAppends >= 1 && maxInflightAppends <= 65_536, "maxInflightAppends must be 1..65536");
        require(maxInflightBytes >= maxBytesPerAppend, "maxInflightBytes must be >= maxBytesPerAppend");
        require(maxUncommittedBytes >= maxBytesPerAppend, "maxUncommittedBytes must be >= maxBytesPerAppend");
        require(maxPendingReads >= 1, "maxPendingReads must be at least 1");
    }

    /** Returns the same with another bound on what is accepted ahead of its commit. */
    public RaftLimits withMaxUncommittedBytes(long bytes) {
        return new RaftLimits(
                maxEntriesPerAppend, maxBytesPerAppend, maxInflightAppends, maxInflightBytes, bytes, maxPendingReads);
    }

    private static void require(boolean holds, String rule) {
        if (!holds) {
            throw new IllegalArgumentException(rule);
        }
    }
}
