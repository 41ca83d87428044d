package io.grape.node.session;

import io.grape.codecs.GrapeException;
import io.grape.codecs.sbe.ErrorCode;
import io.grape.codecs.sbe.MessageHeaderEncoder;
import io.grape.codecs.sbe.SessionConnectDecoder;
import io.grape.codecs.sbe.SessionEventEncoder;
import io.grape.codecs.sbe.SessionStatus;
import io.grape.node.config.MemberConfig;
import io.grape.node.config.NodeLimits;
import io.grape.node.groups.HostedGroup;
import io.grape.node.groups.HostedGroups;
import io.grape.raft.pipeline.GroupStatus;
import io.grape.transport.ClientEgress;
import io.grape.transport.NodeStreams;
import io.grape.transport.SendOutcome;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.agrona.concurrent.UnsafeBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens, keeps and closes sessions, and tells them of a new leader.
 *
 * <p>A session is announced once the client's subscription is there to hear it. One that says nothing for
 * {@link #IDLE_TIMEOUT_NS}, or whose subscription goes away, is closed. Thread: the inbound agent's.
 */
public final class SessionManager implements AutoCloseable {
    /** A client that says nothing for so long is gone. */
    public static final long IDLE_TIMEOUT_NS = 10_000_000_000L;

    private static final long CONNECT_TIMEOUT_NS = 5_000_000_000L;
    private static final int NO_LEADER = -1;
    private static final int UNTOLD = -2;
    private static final Logger LOG = LoggerFactory.getLogger(SessionManager.class);

    private final NodeStreams transport;
    private final SessionRegistry registry;
    private final HostedGroups groups;
    private final Supplier<List<MemberConfig>> members;
    private final NodeLimits limits;
    private final int nodeId;

    private final List<Session> sessions = new ArrayList<>();
    private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[16 * 1024]);
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final SessionEventEncoder event = new SessionEventEncoder();
    private long nextSessionId;
    private final int[] toldLeaders;
    private List<MemberConfig> toldMembers;
    private long refusedConnects;

    /**
     * @param transport      opens the way back to a client
     * @param registry       where other threads find the sessions
     * @param groups         that clients are told the leaders of
     * @param members        the cluster's nodes
     * @param limits         what is accepted
     * @param nodeId         this node
     * @param firstSessionId drawn at random, so that a session of an earlier process is never taken for one of this
     */
    public SessionManager(
            NodeStreams transport,
            SessionRegistry registry,
            HostedGroups groups,
            Supplier<List<MemberConfig>> members,
            NodeLimits limits,
            int nodeId,
            long firstSessionId) {
        this.transport = transport;
        this.registry = registry;
        this.groups = groups;
        this.toldMembers = members.get();
        this.toldLeaders = new int[groups.all().size()];
        Arrays.fill(toldLeaders, NO_LEADER);
        this.members = members;
        this.limits = limits;
        this.nodeId = nodeId;
        this.nextSessionId = firstSessionId;
    }

    /** Opens a session, or finds the one that the same request opened before. */
    public void onConnect(SessionConnectDecoder connect, long nowNs) {
        long correlationId = connect.correlationId();
        long clientId = connect.clientId();
        for (Session session : sessions) {
            if (session.clientId() == clientId && session.connectCorrelationId() == correlationId) {
                session.deadlineNs(nowNs + IDLE_TIMEOUT_NS);
                return;
            }
        }
        if (sessions.size() >= limits.maxSessions()) {
            // There is no way back to a client without a session; it hears nothing and tries another node.
            refusedConnects++;
            LOG.warn("session refused client={} reason=SESSION_LIMIT open={}", clientId, sessions.size());
            return;
        }
        int streamId = connect.responseStreamId();
        String channel = connect.responseChannel();
        try {
            ClientEgress egress = transport.openEgress(channel, streamId);
            long deadlineNs = nowNs + CONNECT_TIMEOUT_NS;
            sessions.add(new Session(nextSessionId++, clientId, correlationId, egress, deadlineNs));
        } catch (GrapeException ex) {
            refusedConnects++;
            LOG.warn("session refused client={} reason={} text={}", clientId, ex.code(), ex.getMessage());
        }
    }

    /**
     * Notes that a session's client lives.
     *
     * @return false when the session is not open here
     */
    public boolean onActivity(long sessionId, long nowNs) {
        Session session = registry.find(sessionId);
        if (session == null) {
            return false;
        }
        session.deadlineNs(nowNs + IDLE_TIMEOUT_NS);
        return true;
    }

    /** Closes a session at its client's wish. */
    public void onClose(long sessionId) {
        Session session = registry.find(sessionId);
        if (session != null) {
            close(session);
            sessions.remove(session);
        }
    }

    /** Announces sessions whose client listens now, closes dead ones, tells the rest of a new leader. */
    public int doWork(long nowNs) {
        int work = 0;
        tellLeaders();
        for (int i = sessions.size() - 1; i >= 0; i--) {
            Session session = sessions.get(i);
            boolean gone = session.isExpired(nowNs)
                    || (session.isAnnounced() && !session.egress().isConnected());
            if (gone) {
                close(session);
                sessions.remove(i);
                work++;
            } else if (!session.isAnnounced() && session.egress().isConnected()) {
                announce(session, nowNs);
                work++;
            }
        }
        return work;
    }

    private void tellLeaders() {
        List<MemberConfig> nodes = members.get();
        if (!nodes.equals(toldMembers)) {
            toldMembers = nodes;
            Arrays.fill(toldLeaders, UNTOLD);
        }
        List<HostedGroup> all = groups.all();
        for (int i = 0; i < toldLeaders.length; i++) {
            HostedGroup group = all.get(i);
            int leader = group.status().leaderNodeId();
            if (leader != toldLeaders[i]) {
                toldLeaders[i] = leader;
                for (Session session : sessions) {
                    if (session.isAnnounced()) {
                        tell(session, group, SessionStatus.LEADER_CHANGED, -1);
                    }
                }
            }
        }
    }

    private void announce(Session session, long nowNs) {
        if (tell(session, groups.metadata(), SessionStatus.OPEN, session.connectCorrelationId())) {
            session.announced();
            session.deadlineNs(nowNs + IDLE_TIMEOUT_NS);
            registry.add(session);
            LOG.debug("session open id={} client={}", session.id(), session.clientId());
        }
    }

    private void close(Session session) {
        registry.remove(session);
        if (session.isAnnounced() && session.egress().isConnected()) {
            tell(session, groups.metadata(), SessionStatus.CLOSED, -1);
        }
        session.egress().close();
        LOG.debug("session closed id={} client={}", session.id(), session.clientId());
    }

    private boolean tell(Session session, HostedGroup group, SessionStatus what, long correlationId) {
        GroupStatus status = group.status();
        event.wrapAndApplyHeader(buffer, 0, header)
                .correlationId(correlationId)
                .sessionId(session.id())
                .status(what)
                .code(ErrorCode.OK)
                .nodeId(nodeId)
                .leaderNodeId(status.leaderNodeId())
                .leaderTerm(status.term())
                .maxMessageLength(limits.maxMessageLength())
                .maxBatchPoints(limits.maxBatchPoints())
                .commitIndex(status.commitIndex())
                .groupId(group.groupId());
        List<MemberConfig> nodes = members.get();
        SessionEventEncoder.MembersEncoder each = event.membersCount(nodes.size());
        for (MemberConfig member : nodes) {
            each.next().nodeId(member.nodeId()).ingressEndpoint(member.endpoint());
        }
        event.text("");
        int length = MessageHeaderEncoder.ENCODED_LENGTH + event.encodedLength();
        return session.egress().offer(buffer, 0, length) == SendOutcome.SENT;
    }

    /** Returns connects that were not answered with a session. */
    public long refusedConnects() {
        return refusedConnects;
    }

    @Override
    public void close() {
        for (Session session : sessions) {
            close(session);
        }
        sessions.clear();
    }
}
