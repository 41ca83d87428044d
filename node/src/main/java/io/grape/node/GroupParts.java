package io.grape.node;

import com.lmax.disruptor.Sequence;
import io.grape.node.checkpoint.GroupCheckpoints;
import io.grape.node.groups.HostedGroup;
import io.grape.node.state.StateMachine;
import io.grape.raft.core.RaftGroup;
import io.grape.raft.pipeline.ApplyAgent;
import io.grape.raft.pipeline.GroupSlot;
import org.agrona.concurrent.Agent;

/**
 * What there is of one group on this node, between the opening of its checkpoints and the wiring of the pipeline.
 *
 * @param state       its state machine
 * @param checkpoints its checkpoints
 * @param applied     last index applied
 * @param raft        its consensus core
 */
record GroupParts(StateMachine state, GroupCheckpoints checkpoints, Sequence applied, RaftGroup raft) {
    private static final int APPLY_BATCH = 256;

    int groupId() {
        return raft.config().groupId();
    }

    /** Returns the group as requests see it. */
    HostedGroup hosted(GroupSlot slot) {
        return new HostedGroup(groupId(), state, applied::get, slot.status());
    }

    /** Returns the agent that applies the group's entries and captures its state. */
    Agent applySide(GroupSlot slot) {
        ApplyAgent apply = new ApplyAgent(slot.log(), slot.published(), applied, checkpoints.applier(), APPLY_BATCH);
        return checkpoints.applySide(apply, applied);
    }
}
