package io.grape.node.groups;

import io.grape.node.state.StateMachine;
import io.grape.raft.pipeline.GroupStatus;
import java.util.function.LongSupplier;

/**
 * One group of which this node holds a replica, as requests see it. Any thread, within what the parts allow.
 *
 * @param groupId      0 for the metadata group
 * @param state        its state machine
 * @param appliedIndex last entry applied; read before the state is, so that an answer never claims too much
 * @param status       its consensus state
 */
public record HostedGroup(int groupId, StateMachine state, LongSupplier appliedIndex, GroupStatus status) {}
