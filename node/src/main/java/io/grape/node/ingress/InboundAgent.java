package io.grape.node.ingress;

import io.grape.codecs.FrameCheck;
import io.grape.codecs.HotPath;
import io.grape.codecs.sbe.ErrorCode;
import io.grape.node.groups.InboundDuty;
import io.grape.node.session.SessionManager;
import io.grape.raft.pipeline.InboundRing;
import io.grape.transport.MessageHandler;
import io.grape.transport.NodeStreams;
import java.util.List;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.NanoClock;

/**
 * Polls the node's subscriptions and feeds the pipeline. It does no other work than to check and to copy.
 *
 * <p>Raft frames go before clients' requests. A Raft frame that finds the ring full stays where it is, which holds its
 * sender back; a request is answered with back-pressure. Thread: its own, or the pipeline's.
 */
public final class InboundAgent implements Agent {
    private static final int RAFT_LIMIT = 128;
    private static final int INGRESS_LIMIT = 64;

    private final NodeStreams transport;
    private final InboundRing ring;
    private final RequestGate gate;
    private final SessionManager sessions;
    private final InboundDuty[] duties;
    private final NanoClock clock;
    private final int maxMessageLength;
    private final MessageHandler onRaft = this::onRaft;
    private final MessageHandler onIngress = this::onIngress;

    private long nowNs;
    private volatile long malformed;
    private volatile long ringFull;

    /**
     * @param transport what is polled
     * @param ring      what is fed
     * @param gate      where requests go
     * @param sessions  kept alive and closed here
     * @param duties    what the node does on its own account
     * @param clock     monotonic
     * @param scope     limits
     */
    InboundAgent(
            NodeStreams transport,
            InboundRing ring,
            RequestGate gate,
            SessionManager sessions,
            List<InboundDuty> duties,
            NanoClock clock,
            RequestScope scope) {
        this.transport = transport;
        this.ring = ring;
        this.gate = gate;
        this.sessions = sessions;
        this.duties = duties.toArray(InboundDuty[]::new);
        this.clock = clock;
        this.maxMessageLength = scope.limits().maxMessageLength();
    }

    @Override
    @HotPath
    public int doWork() {
        nowNs = clock.nanoTime();
        int work = transport.pollRaft(onRaft, RAFT_LIMIT);
        work += transport.pollIngress(onIngress, INGRESS_LIMIT);
        work += transport.doSendWork();
        for (InboundDuty duty : duties) {
            work += duty.doWork(nowNs);
        }
        return work + sessions.doWork(nowNs);
    }

    @HotPath
    @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
    private boolean onRaft(DirectBuffer message, int offset, int length, int aeronSessionId) {
        if (FrameCheck.check(message, offset, length) != ErrorCode.OK || length > ring.maxLength()) {
            malformed++;
            return true;
        }
        boolean taken = ring.offerRaft(message, offset, length);
        if (!taken) {
            ringFull++;
        }
        return taken;
    }

    @HotPath
    @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
    private boolean onIngress(DirectBuffer message, int offset, int length, int aeronSessionId) {
        ErrorCode code = FrameCheck.check(message, offset, length);
        if (code == ErrorCode.OK && length > maxMessageLength) {
            code = ErrorCode.MESSAGE_TOO_LARGE;
        }
        if (code == ErrorCode.OK) {
            gate.onFrame(message, offset, length, nowNs);
        } else {
            malformed++;
            gate.onBadFrame(message, offset, length, code);
        }
        return true;
    }

    /** Returns frames that were refused before anything decoded them. Any thread. */
    public long malformed() {
        return malformed;
    }

    /** Returns how often a Raft frame found the ring full and was left for the next poll. Any thread. */
    public long ringFull() {
        return ringFull;
    }

    @Override
    public void onClose() {
        sessions.close();
    }

    @Override
    public String roleName() {
        return "inbound";
    }
}
