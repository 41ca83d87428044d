package io.grape.raft.core.quorum;

/** State of an election. */
public enum VoteResult {
    /** Neither side has a majority. */
    PENDING,
    /** A majority of every set of voters granted. */
    WON,
    /** Some set of voters can no longer reach a majority. */
    LOST;

    /** Returns the outcome of one set of voters; an empty one is won. */
    public static VoteResult of(int granted, int refused, int voters) {
        if (voters == 0 || granted >= Quorum.majority(voters)) {
            return WON;
        }
        return voters - refused < Quorum.majority(voters) ? LOST : PENDING;
    }

    /** Returns the outcome that needs both halves of a joint configuration. */
    public VoteResult and(VoteResult other) {
        if (this == LOST || other == LOST) {
            return LOST;
        }
        return this == WON && other == WON ? WON : PENDING;
    }
}
