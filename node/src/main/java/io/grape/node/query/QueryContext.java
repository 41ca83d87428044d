package io.grape.node.query;

import io.grape.node.config.NodeLimits;
import io.grape.node.state.StateMachine;
import io.grape.raft.pipeline.GroupStatus;
import io.grape.shards.ShardRouter;
import java.util.function.LongSupplier;

/**
 * What reads are answered from.
 *
 * @param identity       who answers
 * @param groupId        group that the state belongs to
 * @param state          collections and points
 * @param appliedIndex   last entry applied; read before the state is, so that an answer never claims too much
 * @param status         consensus state for people
 * @param router         shard table
 * @param limits         what is accepted
 * @param maxReplyLength bytes of one reply
 */
public record QueryContext(
        NodeIdentity identity,
        int groupId,
        StateMachine state,
        LongSupplier appliedIndex,
        GroupStatus status,
        ShardRouter router,
        NodeLimits limits,
        int maxReplyLength) {}
