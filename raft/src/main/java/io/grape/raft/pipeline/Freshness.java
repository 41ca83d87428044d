package io.grape.raft.pipeline;

/**
 * How new the state must be that answers a read, as small ints for the hot path.
 *
 * @see <a href="https://raft.github.io/raft.pdf">Raft, section 8</a>, and section 6.4 of Ongaro's thesis
 */
public final class Freshness {
    /** The state as this replica has it. */
    public static final int LOCAL = 0;

    /** At least the given index of the group's log. */
    public static final int AT_LEAST_INDEX = 1;

    /** At least every write acknowledged before the read arrived; only a leader can tell. */
    public static final int LINEARIZABLE = 2;

    private Freshness() {}
}
