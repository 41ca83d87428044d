package io.grape.raft.pipeline;

import io.grape.codecs.HotPath;

/**
 * What other threads may know of a group: written by the pipeline, read by anyone.
 *
 * <p>Each field is a volatile of its own; a reader must not expect two of them to be of the same moment.
 */
public final class GroupStatus {
    private volatile int leaderNodeId = -1;
    private volatile long term;
    private volatile boolean leader;
    private volatile long readyIndex = Long.MAX_VALUE;
    private volatile long lastIndex;
    private volatile long durableIndex;
    private volatile long commitIndex;

    /** Returns the leader as known here, or -1. */
    public int leaderNodeId() {
        return leaderNodeId;
    }

    /** Returns the current term. */
    public long term() {
        return term;
    }

    /** Tells whether this node leads the group. */
    public boolean isLeader() {
        return leader;
    }

    /**
     * Returns the index that a leader must have applied before it can judge requests by its state: the last entry
     * that it held when it was elected, or {@link Long#MAX_VALUE} when it does not lead.
     */
    public long readyIndex() {
        return readyIndex;
    }

    /** Returns the last entry of the log here. */
    public long lastIndex() {
        return lastIndex;
    }

    /** Returns the last entry that is on disk here, as the sync policy understands it. */
    public long durableIndex() {
        return durableIndex;
    }

    /** Returns the last entry known to be committed. */
    public long commitIndex() {
        return commitIndex;
    }

    @HotPath
    void leadership(int newLeaderNodeId, long newTerm, boolean isLeader, long newReadyIndex) {
        term = newTerm;
        readyIndex = newReadyIndex;
        leader = isLeader;
        leaderNodeId = newLeaderNodeId;
    }

    @HotPath
    void progress(long newLastIndex, long newDurableIndex, long newCommitIndex) {
        if (newLastIndex != lastIndex) {
            lastIndex = newLastIndex;
        }
        if (newDurableIndex != durableIndex) {
            durableIndex = newDurableIndex;
        }
        if (newCommitIndex != commitIndex) {
            commitIndex = newCommitIndex;
        }
    }
}
