package io.grape.simulation.node;

import com.lmax.disruptor.Sequence;
import io.grape.node.groups.HostedGroup;
import io.grape.node.state.StateMachine;
import io.grape.raft.core.RaftGroup;
import io.grape.raft.journal.GroupLog;
import io.grape.raft.pipeline.GroupSlot;

/**
 * What there is of one group in one process, as {@code io.grape.node.GroupParts} has it.
 *
 * @param raft    consensus core
 * @param log     its part of the journal
 * @param applied last index applied
 * @param state   state machine
 * @param applier stands before it
 */
record SimGroup(RaftGroup raft, GroupLog log, Sequence applied, StateMachine state, CheckedApplier applier) {
    HostedGroup hosted(GroupSlot slot) {
        return new HostedGroup(slot.groupId(), state, applied::get, slot.status());
    }
}
