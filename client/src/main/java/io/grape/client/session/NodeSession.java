package io.grape.client.session;

import io.grape.codecs.HotPath;
import io.grape.transport.SendOutcome;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.agrona.DirectBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This client's session with one node.
 *
 * <pre>
 * CONNECTING --SessionEvent OPEN--> OPEN --silence, lost link, unknown session--> CONNECTING
 * CONNECTING --no answer, refused--> BACKING_OFF --pause over--> CONNECTING
 * any --close--> CLOSED
 * </pre>
 *
 * <p>Polling thread. A node that was restarted cannot say that it does not know a session, because it no longer knows
 * where to answer; so an open session pings, and its silence is what makes it connect again.
 */
final class NodeSession {
    private static final Logger LOG = LoggerFactory.getLogger(NodeSession.class);
    private static final long CONNECT_RESEND_NS = TimeUnit.MILLISECONDS.toNanos(250);
    private static final long PING_INTERVAL_NS = TimeUnit.SECONDS.toNanos(1);
    private static final long MIN_BACK_OFF_NS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final long MAX_BACK_OFF_NS = TimeUnit.SECONDS.toNanos(1);
    private static final long NULL_SESSION_ID = -1;

    /** Where the session stands. */
    enum State {
        /** Asking the node for a session. */
        CONNECTING,
        /** Requests may be sent. */
        OPEN,
        /** Pausing after the node did not answer or refused. */
        BACKING_OFF,
        /** Given up. */
        CLOSED
    }

    private final String endpoint;
    private final ClientNetwork network;
    private final NodeLink link;
    private final SessionMessages messages;
    private final LongSupplier heldEpoch;
    private final long attemptTimeoutNs;
    private State state = State.BACKING_OFF;
    private int nodeId = LeaderTracker.UNKNOWN;
    private long sessionId = NULL_SESSION_ID;
    private long connectCorrelationId;
    private int maxMessageLength;
    private int maxBatchPoints;
    /** CONNECTING: gives up after this; BACKING_OFF: connects after this. */
    private long stateDeadlineNs;

    private long nextOfferNs;
    private long nextPingNs;
    private long lastHeardNs;
    private long backOffNs = MIN_BACK_OFF_NS;

    /** @param heldEpoch of the shard table that the client has, or -1 */
    NodeSession(
            String endpoint,
            ClientNetwork network,
            SessionMessages messages,
            LongSupplier heldEpoch,
            long attemptTimeoutNs,
            long nowNs) {
        this.heldEpoch = heldEpoch;
        this.endpoint = endpoint;
        this.network = network;
        this.link = network.open(endpoint);
        this.messages = messages;
        this.attemptTimeoutNs = attemptTimeoutNs;
        this.stateDeadlineNs = nowNs;
    }

    /**
     * Advances connecting, pings and pauses.
     *
     * @param nowNs             monotonic
     * @param nextCorrelationId id for a connect, if one is begun now
     * @return 1 if something was sent or changed
     */
    int doWork(long nowNs, long nextCorrelationId) {
        return switch (state) {
            case CONNECTING -> doConnecting(nowNs);
            case OPEN -> doOpen(nowNs, nextCorrelationId);
            case BACKING_OFF -> {
                if (nowNs - stateDeadlineNs < 0) {
                    yield 0;
                }
                connect(nowNs, nextCorrelationId, "pause is over");
                yield 1;
            }
            case CLOSED -> 0;
        };
    }

    private int doConnecting(long nowNs) {
        if (nowNs - stateDeadlineNs >= 0) {
            backOff(nowNs, "no answer to connect");
            return 1;
        }
        String responseChannel = network.responseChannel(endpoint);
        if (responseChannel == null || nowNs - nextOfferNs < 0) {
            return 0;
        }
        int length = messages.connect(connectCorrelationId, responseChannel, network.responseStreamId());
        if (link.offer(messages.buffer, 0, length) != SendOutcome.SENT) {
            return 0;
        }
        nextOfferNs = nowNs + CONNECT_RESEND_NS;
        return 1;
    }

    private int doOpen(long nowNs, long nextCorrelationId) {
        if (nowNs - lastHeardNs > PING_INTERVAL_NS + attemptTimeoutNs) {
            connect(nowNs, nextCorrelationId, "silence");
            return 1;
        }
        if (nowNs - nextPingNs < 0) {
            return 0;
        }
        nextPingNs = nowNs + PING_INTERVAL_NS;
        link.offer(messages.buffer, 0, messages.keepAlive(sessionId));
        ping();
        return 1;
    }

    /** Asks the node for its state, who leads above all; the answer also shows that the session lives. */
    void ping() {
        if (state == State.OPEN) {
            link.offer(messages.buffer, 0, messages.ping(sessionId));
            askRoutes();
        }
    }

    /** Asks who leads which group, and for the shard table if it is newer than the one held. */
    void askRoutes() {
        if (state == State.OPEN) {
            link.offer(messages.buffer, 0, messages.routes(sessionId, heldEpoch.getAsLong()));
        }
    }

    /**
     * Begins to open the session, or opens it anew.
     *
     * @param nowNs         monotonic
     * @param correlationId unique
     * @param reason        for the log
     */
    void connect(long nowNs, long correlationId, String reason) {
        become(State.CONNECTING, reason);
        connectCorrelationId = correlationId;
        stateDeadlineNs = nowNs + attemptTimeoutNs;
        nextOfferNs = nowNs;
    }

    /** The node answered a connect with a session. */
    void onOpen(long newSessionId, int node, int messageLimit, int batchLimit, long nowNs) {
        sessionId = newSessionId;
        nodeId = node;
        maxMessageLength = messageLimit;
        maxBatchPoints = batchLimit;
        lastHeardNs = nowNs;
        nextPingNs = nowNs + PING_INTERVAL_NS;
        backOffNs = MIN_BACK_OFF_NS;
        become(State.OPEN, "accepted");
    }

    /** The node does not answer or refused: pause, each time longer. */
    void backOff(long nowNs, String reason) {
        become(State.BACKING_OFF, reason);
        stateDeadlineNs = nowNs + backOffNs;
        backOffNs = Math.min(MAX_BACK_OFF_NS, backOffNs * 2);
    }

    /** Something came on this session. */
    @HotPath
    void onHeard(long nowNs) {
        lastHeardNs = nowNs;
    }

    /** Returns whether nothing came on this session for longer than one attempt. */
    boolean isSilent(long nowNs) {
        return nowNs - lastHeardNs > attemptTimeoutNs;
    }

    @HotPath
    SendOutcome offer(DirectBuffer buffer, int length) {
        return link.offer(buffer, 0, length);
    }

    private void become(State next, String reason) {
        if (next != state) {
            LOG.debug("session endpoint={} nodeId={} {} -> {}: {}", endpoint, nodeId, state, next, reason);
            state = next;
        }
    }

    /** Tells the node and gives the link up. Idempotent. */
    void close() {
        if (state == State.OPEN) {
            link.offer(messages.buffer, 0, messages.close(sessionId));
        }
        become(State.CLOSED, "close");
        link.close();
    }

    boolean isOpen() {
        return state == State.OPEN;
    }

    State state() {
        return state;
    }

    String endpoint() {
        return endpoint;
    }

    int nodeId() {
        return nodeId;
    }

    long sessionId() {
        return sessionId;
    }

    long connectCorrelationId() {
        return connectCorrelationId;
    }

    int maxMessageLength() {
        return maxMessageLength;
    }

    int maxBatchPoints() {
        return maxBatchPoints;
    }
}
