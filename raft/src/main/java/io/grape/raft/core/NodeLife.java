package io.grape.raft.core;

/**
 * Which life of which disk a replica is.
 *
 * @param diskId      drawn at random when the data directory was made; 0 if lives are not told apart, as in tests of
 *                    something else: then the replica vouches for itself and remembers peers only in memory
 * @param incarnation this life of it, see {@link io.grape.raft.core.lives.Incarnation}
 * @param formation   when the replica may vote on a new disk
 * @param mayForget   whether a power cut may take back what this replica acknowledged, by its sync policy
 */
public record NodeLife(long diskId, long incarnation, Formation formation, boolean mayForget) {
    /** Refuses a negative disk. */
    public NodeLife {
        if (diskId < 0) {
            throw new IllegalArgumentException("diskId must not be negative");
        }
    }

    /** Returns a life that is not told apart from others by its disk. */
    public static NodeLife ofIncarnation(long incarnation) {
        return new NodeLife(0, incarnation, Formation.VOUCHED, false);
    }

    /** Returns whether lives are told apart, and remembered durably. */
    public boolean isTracked() {
        return diskId != 0;
    }
}
