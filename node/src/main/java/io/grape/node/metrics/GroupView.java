package io.grape.node.metrics;

import io.grape.node.checkpoint.CheckpointCounters;
import io.grape.node.state.StateMachine;
import io.grape.raft.pipeline.GroupStatus;
import java.util.function.LongSupplier;

/**
 * What metrics and pages may know of a group that this node has a replica of. Any thread.
 *
 * @param groupId      number of the group
 * @param status       consensus state
 * @param appliedIndex last entry applied here
 * @param state        collections and points
 * @param checkpoints  what became of its checkpoints
 */
public record GroupView(
        int groupId, GroupStatus status, LongSupplier appliedIndex, StateMachine state, CheckpointCounters checkpoints)
        implements GroupProgress {
    @Override
    public boolean isLeader() {
        return status.isLeader();
    }

    @Override
    public int leaderNodeId() {
        return status.leaderNodeId();
    }

    @Override
    public long term() {
        return status.term();
    }

    @Override
    public long lastIndex() {
        return status.lastIndex();
    }

    @Override
    public long commitIndex() {
        return status.commitIndex();
    }

    @Override
    public long applied() {
        return appliedIndex.getAsLong();
    }

    /** Returns committed entries that are not applied here yet. */
    public long applyLag() {
        return Math.max(0, status.commitIndex() - appliedIndex.getAsLong());
    }

    /** Returns entries of the log here that are not durable by the sync policy yet. */
    public long durableLag() {
        return Math.max(0, status.lastIndex() - status.durableIndex());
    }

    /** Returns whether a leader of the group is known here. */
    public boolean hasLeader() {
        return status.leaderNodeId() >= 0;
    }
}
