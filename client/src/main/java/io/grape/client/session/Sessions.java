package io.grape.client.session;

import io.grape.codecs.GrapeException;
import io.grape.codecs.sbe.ErrorCode;
import io.grape.codecs.sbe.SessionEventDecoder;
import io.grape.shards.ShardTable;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.agrona.collections.Int2ObjectHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The sessions with the nodes of the cluster, and who of them leads.
 *
 * <p>A session is kept with every member, so that a new leader is reached without connecting first, and so that the
 * others can be asked who leads when one falls silent. Polling thread.
 */
final class Sessions {
    private static final Logger LOG = LoggerFactory.getLogger(Sessions.class);
    private static final long PROBE_INTERVAL_NS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final int MAX_SESSIONS = 16;
    private static final long NO_TABLE = -1;

    /** Hears what changes where requests can be sent. */
    interface Listener {
        /** A session was opened, perhaps anew: what was sent on it before may be lost. */
        void onSessionOpened(NodeSession session);

        /** Another node is believed to lead a group, or none. */
        void onLeaderChanged(int groupId);
    }

    private final SessionConfig config;
    private final ClientNetwork network;
    private final SessionMessages messages;
    private final CorrelationIds correlationIds;
    private final ClientView view;
    private final Leaders leaders;
    private final List<NodeSession> sessions = new ArrayList<>();
    private final Int2ObjectHashMap<String> members = new Int2ObjectHashMap<>();
    private @Nullable Listener listener;
    private long nextProbeNs;
    private boolean isStarted;

    Sessions(
            SessionConfig config,
            ClientNetwork network,
            CorrelationIds correlationIds,
            ClientView view,
            Leaders leaders) {
        this.config = config;
        this.network = network;
        this.messages = new SessionMessages(config.clientId(), config.credentials());
        this.correlationIds = correlationIds;
        this.view = view;
        this.leaders = leaders;
    }

    void listener(Listener value) {
        listener = value;
    }

    private void start(long nowNs) {
        isStarted = true;
        nextProbeNs = nowNs;
        int count =
                config.pinned() ? 1 : Math.min(MAX_SESSIONS, config.endpoints().size());
        for (int i = 0; i < count; i++) {
            open(config.endpoints().get(i), nowNs);
        }
    }

    private void open(String endpoint, long nowNs) {
        sessions.add(new NodeSession(endpoint, network, messages, this::heldEpoch, config.attemptTimeoutNs(), nowNs));
    }

    private long heldEpoch() {
        ShardTable table = view.table();
        return table == null ? NO_TABLE : table.epoch();
    }

    int doWork(long nowNs) {
        if (!isStarted) {
            start(nowNs);
        }
        int work = 0;
        for (int i = 0; i < sessions.size(); i++) {
            NodeSession session = sessions.get(i);
            work += session.doWork(nowNs, correlationIds.next(0));
            if (session.state() == NodeSession.State.BACKING_OFF) {
                forgetLeader(session);
            }
        }
        NodeSession current = config.pinned() ? any() : leader(Leaders.METADATA);
        view.connectedNodeId(current == null ? LeaderTracker.UNKNOWN : current.nodeId());
        return work;
    }

    private void forgetLeader(NodeSession session) {
        // Nobody to send to is nothing to tell: what was sent to this node is sent again when there is a new word.
        if (session.nodeId() != LeaderTracker.UNKNOWN && leaders.forget(session.nodeId())) {
            LOG.debug("leader nodeId={} is lost", session.nodeId());
        }
    }

    /** Asks every node who leads, at most every 50 ms. */
    void probe(long nowNs) {
        if (nowNs - nextProbeNs >= 0) {
            nextProbeNs = nowNs + PROBE_INTERVAL_NS;
            for (int i = 0; i < sessions.size(); i++) {
                sessions.get(i).ping();
            }
        }
    }

    /** Opens a session anew because the node no longer knows it, or its link is lost. */
    void reconnect(NodeSession session, long nowNs, String reason) {
        if (session.isOpen()) {
            session.connect(nowNs, correlationIds.next(0), reason);
        }
    }

    /** Leaves a node that cannot serve for a while. */
    void leave(NodeSession session, long nowNs, String reason) {
        session.backOff(nowNs, reason);
        forgetLeader(session);
    }

    void onEvent(SessionEventDecoder event, long nowNs) {
        switch (event.status()) {
            case OPEN -> onOpen(event, nowNs);
            case REFUSED -> onRefused(event, nowNs);
            case CLOSED -> {
                NodeSession session = bySession(event.sessionId(), event.nodeId());
                if (session != null) {
                    leave(session, nowNs, "closed by the node");
                }
            }
            case LEADER_CHANGED -> {
                NodeSession session = bySession(event.sessionId(), event.nodeId());
                if (session != null) {
                    session.onHeard(nowNs);
                    int leaderNodeId = event.leaderNodeId();
                    long leaderTerm = event.leaderTerm();
                    int groupId = groupOf(event);
                    takeMembers(event, nowNs);
                    onLeaderWord(groupId, leaderNodeId, leaderTerm);
                }
            }
            default -> LOG.debug("a session event of an unknown kind was ignored");
        }
    }

    /** A node of an older version knows one group. */
    private static int groupOf(SessionEventDecoder event) {
        int groupId = event.groupId();
        return groupId == SessionEventDecoder.groupIdNullValue() ? Leaders.METADATA : groupId;
    }

    private void onOpen(SessionEventDecoder event, long nowNs) {
        NodeSession session = byCorrelation(event.correlationId());
        if (session == null || session.state() == NodeSession.State.CLOSED) {
            return;
        }
        int nodeId = event.nodeId();
        NodeSession same = byNode(nodeId);
        if (same != null && !same.equals(session)) {
            // Two endpoints of one node: what was opened first stays.
            NodeSession second = same.isOpen() ? session : same;
            second.close();
            sessions.remove(second);
            if (second.equals(session)) {
                return;
            }
        }
        boolean isNew = !session.isOpen() || session.sessionId() != event.sessionId();
        int leaderNodeId = event.leaderNodeId();
        long leaderTerm = event.leaderTerm();
        session.onOpen(event.sessionId(), nodeId, event.maxMessageLength(), event.maxBatchPoints(), nowNs);
        view.limits(event.maxMessageLength(), event.maxBatchPoints());
        takeMembers(event, nowNs);
        boolean isOther = leaders.of(Leaders.METADATA).onWord(leaderNodeId, leaderTerm);
        if (isNew && listener != null) {
            listener.onSessionOpened(session);
        }
        if (isOther) {
            tellLeaderChanged(Leaders.METADATA);
        }
        session.askRoutes();
        view.firstSession.complete(nodeId);
    }

    private void onRefused(SessionEventDecoder event, long nowNs) {
        NodeSession session = byCorrelation(event.correlationId());
        if (session == null) {
            return;
        }
        ErrorCode code = event.code();
        takeMembers(event, nowNs);
        String text = event.text();
        LOG.warn("node {} refused a session code={}: {}", session.endpoint(), code, text);
        leave(session, nowNs, "refused");
        if (code == ErrorCode.AUTHENTICATION_FAILED || code == ErrorCode.UNSUPPORTED_VERSION) {
            view.firstSession.completeExceptionally(new GrapeException(code, text));
        }
    }

    private void takeMembers(SessionEventDecoder event, long nowNs) {
        SessionEventDecoder.MembersDecoder told = event.members();
        boolean isAny = told.hasNext();
        if (isAny) {
            members.clear();
        }
        while (told.hasNext()) {
            told.next();
            members.put(told.nodeId(), told.ingressEndpoint());
        }
        if (isAny) {
            view.memberIds(members.keySet().stream().sorted().toList());
            openMissing(nowNs);
        }
    }

    private void openMissing(long nowNs) {
        if (config.pinned()) {
            return;
        }
        members.forEachInt((nodeId, endpoint) -> {
            if (byNode(nodeId) == null && byEndpoint(endpoint) == null && sessions.size() < MAX_SESSIONS) {
                open(endpoint, nowNs);
            }
        });
    }

    void onStatus(long sessionId, int nodeId, int leaderNodeId, long term, long nowNs) {
        NodeSession session = bySession(sessionId, nodeId);
        if (session != null) {
            session.onHeard(nowNs);
            onLeaderWord(Leaders.METADATA, leaderNodeId, term);
        }
    }

    /** Notes a sign of life of every session with this id; ids of different nodes may coincide, which does no harm. */
    void onHeard(long sessionId, long nowNs) {
        for (int i = 0; i < sessions.size(); i++) {
            NodeSession session = sessions.get(i);
            if (session.sessionId() == sessionId) {
                session.onHeard(nowNs);
            }
        }
    }

    /** A node said who leads a group. */
    void onLeaderWord(int groupId, int leaderNodeId, long term) {
        if (leaders.of(groupId).onWord(leaderNodeId, term)) {
            tellLeaderChanged(groupId);
        }
    }

    /** A node said that it does not lead a group, and perhaps who does. */
    void onNotLeader(NodeSession source, int groupId, int leaderNodeId) {
        if (leaders.of(groupId).onRefusal(source.nodeId(), leaderNodeId)) {
            tellLeaderChanged(groupId);
        }
    }

    private void tellLeaderChanged(int groupId) {
        LOG.debug(
                "group {} is now led by nodeId={}", groupId, leaders.of(groupId).nodeId());
        if (listener != null) {
            listener.onLeaderChanged(groupId);
        }
    }

    /** Takes a newer shard table over. */
    void onTable(ShardTable table) {
        view.install(table);
    }

    /** Returns the newest shard table, or null. */
    @Nullable
    ShardTable table() {
        return view.table();
    }

    /** A node said that the table by which a request was routed is old. */
    void askRoutes(NodeSession session) {
        session.askRoutes();
    }

    /** Returns the open session with the leader of a group, or null; when pinned, with the one node. */
    @Nullable
    NodeSession leader(int groupId) {
        if (config.pinned()) {
            return any();
        }
        int nodeId = leaders.of(groupId).nodeId();
        return nodeId == LeaderTracker.UNKNOWN ? null : openSession(nodeId);
    }

    /** Returns the first open session: always the same one while it lasts. */
    @Nullable
    NodeSession any() {
        for (int i = 0; i < sessions.size(); i++) {
            if (sessions.get(i).isOpen()) {
                return sessions.get(i);
            }
        }
        return null;
    }

    /** Returns the open session with a node, or null. */
    @Nullable
    NodeSession openSession(int nodeId) {
        NodeSession session = byNode(nodeId);
        return session != null && session.isOpen() ? session : null;
    }

    /** Returns whether the node can be reached at all: it is a member, or one that answered. */
    boolean isKnown(int nodeId) {
        return byNode(nodeId) != null || (!config.pinned() && (members.isEmpty() || members.containsKey(nodeId)));
    }

    private @Nullable NodeSession byNode(int nodeId) {
        for (int i = 0; i < sessions.size(); i++) {
            if (sessions.get(i).nodeId() == nodeId) {
                return sessions.get(i);
            }
        }
        return null;
    }

    private @Nullable NodeSession byEndpoint(String endpoint) {
        for (int i = 0; i < sessions.size(); i++) {
            if (sessions.get(i).endpoint().equals(endpoint)) {
                return sessions.get(i);
            }
        }
        return null;
    }

    private @Nullable NodeSession byCorrelation(long correlationId) {
        for (int i = 0; i < sessions.size(); i++) {
            if (sessions.get(i).connectCorrelationId() == correlationId) {
                return sessions.get(i);
            }
        }
        return null;
    }

    private @Nullable NodeSession bySession(long sessionId, int nodeId) {
        NodeSession session = byNode(nodeId);
        return session != null && session.sessionId() == sessionId ? session : null;
    }

    void close() {
        sessions.forEach(NodeSession::close);
        view.connectedNodeId(LeaderTracker.UNKNOWN);
    }
}
