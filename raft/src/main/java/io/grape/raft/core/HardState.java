package io.grape.raft.core;

/**
 * What must survive a restart besides the log (paper, figure 2, "persistent state").
 *
 * @param term        latest term seen
 * @param votedFor    node voted for in that term, or {@link RaftGroup#NO_NODE}
 * @param commitIndex a lower bound of what is committed; never above the recovered log's end
 */
public record HardState(long term, int votedFor, long commitIndex) {
    /** Of a node that never ran. */
    public static final HardState NEW = new HardState(0, RaftGroup.NO_NODE, 0);

    /** Refuses negative terms and indices. */
    public HardState {
        if (term < 0 || commitIndex < 0) {
            throw new IllegalArgumentException("term and commitIndex must not be negative");
        }
    }
}
