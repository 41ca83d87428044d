package io.grape.node.ingress;

import io.grape.node.session.ReplyPublisher;
import io.grape.node.session.SessionManager;
import io.grape.node.state.StateMachine;
import io.grape.raft.pipeline.GroupStatus;
import io.grape.raft.pipeline.InboundRing;
import io.grape.transport.NodeStreams;
import java.util.function.LongSupplier;
import org.agrona.concurrent.NanoClock;

/**
 * What the inbound agent is made of.
 *
 * @param transport    polled
 * @param ring         fed
 * @param sessions     of clients
 * @param replies      used by the inbound agent alone
 * @param status       who leads
 * @param appliedIndex last entry applied
 * @param state        judged against
 * @param clock        monotonic
 * @param scope        group and limits
 */
public record Ingress(
        NodeStreams transport,
        InboundRing ring,
        SessionManager sessions,
        ReplyPublisher replies,
        GroupStatus status,
        LongSupplier appliedIndex,
        StateMachine state,
        NanoClock clock,
        RequestScope scope) {
    /** Nobody waits for the answer to an entry that the node itself proposed. */
    private static final long NO_SESSION = -1;

    /** Makes the agent. */
    public InboundAgent agent() {
        RequestGate gate = new RequestGate(sessions, replies, ring, status, appliedIndex, state, scope);
        ReplicatedClock replicated = new ReplicatedClock(
                () -> status.isLeader() ? status.term() : ReplicatedClock.NOT_LEADING,
                state::clientCount,
                (command, length) -> ring.offerProposal(scope.groupId(), NO_SESSION, 0, command, 0, length),
                scope.clientExpiryMs());
        return new InboundAgent(transport, ring, gate, sessions, replicated, clock, scope);
    }
}
