package io.grape.node.ingress;

import io.grape.node.groups.CatalogSpreader;
import io.grape.node.groups.ClusterState;
import io.grape.node.groups.HandoffDuty;
import io.grape.node.groups.HostedGroup;
import io.grape.node.groups.HostedGroups;
import io.grape.node.groups.InboundDuty;
import io.grape.node.groups.Proposals;
import io.grape.node.groups.ShardMoves;
import io.grape.node.session.ReplyPublisher;
import io.grape.node.session.SessionManager;
import io.grape.raft.pipeline.GroupStatus;
import io.grape.raft.pipeline.InboundRing;
import io.grape.shards.handoff.HandoffLimits;
import io.grape.transport.NodeStreams;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.NanoClock;

/**
 * What the inbound agent is made of.
 *
 * @param transport polled
 * @param ring      fed
 * @param sessions  of clients
 * @param replies   used by the inbound agent alone
 * @param groups    that requests are for
 * @param clock     monotonic
 * @param scope     limits
 */
public record Ingress(
        NodeStreams transport,
        InboundRing ring,
        SessionManager sessions,
        ReplyPublisher replies,
        HostedGroups groups,
        NanoClock clock,
        RequestScope scope) {
    /** Nobody waits for the answer to an entry that the node itself proposed. */
    private static final long NO_SESSION = -1;

    /**
     * Makes the agent, with what the node does on its own account: time in each group's log, the catalog in the data groups, and
     * shards that move.
     */
    public InboundAgent agent(InboundDuty... others) {
        Proposals proposals =
                (groupId, command, length) -> ring.offerProposal(groupId, NO_SESSION, 0, command, 0, length);
        List<InboundDuty> duties = new ArrayList<>(List.of(others));
        for (HostedGroup group : groups.all()) {
            duties.add(clockOf(group, proposals));
        }
        ShardMoves moves = ShardMoves.NONE;
        if (groups.metadata().state().commands() instanceof ClusterState cluster) {
            duties.add(new CatalogSpreader(groups, cluster, proposals));
            HandoffDuty handoffs = new HandoffDuty(groups, cluster, proposals, HandoffLimits.DEFAULT);
            duties.add(handoffs);
            moves = handoffs::request;
        }
        RequestGate gate = new RequestGate(sessions, replies, ring, groups, scope, moves);
        return new InboundAgent(transport, ring, gate, sessions, duties, clock, scope);
    }

    private InboundDuty clockOf(HostedGroup group, Proposals proposals) {
        GroupStatus status = group.status();
        return new ReplicatedClock(
                () -> status.isLeader() ? status.term() : ReplicatedClock.NOT_LEADING,
                group.state()::clientCount,
                (command, length) -> proposals.offer(group.groupId(), command, length),
                scope.clientExpiryMs());
    }
}
