package io.grape.node.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.grape.codecs.sbe.ErrorCode;
import io.grape.codecs.sbe.MessageHeaderDecoder;
import io.grape.codecs.sbe.MessageHeaderEncoder;
import io.grape.codecs.sbe.SearchDecoder;
import io.grape.codecs.sbe.SessionConnectDecoder;
import io.grape.codecs.sbe.SessionConnectEncoder;
import io.grape.codecs.sbe.SessionEventDecoder;
import io.grape.codecs.sbe.SessionStatus;
import io.grape.codecs.sbe.UpsertDecoder;
import io.grape.node.config.MemberConfig;
import io.grape.node.config.NodeLimits;
import io.grape.node.groups.ClusterState;
import io.grape.node.groups.HostedGroup;
import io.grape.node.groups.HostedGroups;
import io.grape.node.security.Authenticator;
import io.grape.node.security.Principal;
import io.grape.node.security.Role;
import io.grape.node.state.NoStore;
import io.grape.node.state.StateMachine;
import io.grape.raft.pipeline.GroupStatus;
import io.grape.shards.ShardRouter;
import io.grape.shards.table.FirstTable;
import io.grape.transport.ClientEgress;
import io.grape.transport.MessageHandler;
import io.grape.transport.NodeStreams;
import io.grape.transport.SendOutcome;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class SessionManagerTest {
    private static final long MS = 1_000_000;
    private static final int FAILURES_A_SECOND = 3;

    /** A client's subscription, which hears at once. */
    private static final class Egress implements ClientEgress {
        private final List<SessionStatus> heard = new ArrayList<>();
        private final List<ErrorCode> codes = new ArrayList<>();
        private int members = -1;
        private long sessionId;
        private boolean closed;

        @Override
        public SendOutcome offer(DirectBuffer buffer, int offset, int length) {
            SessionEventDecoder event =
                    new SessionEventDecoder().wrapAndApplyHeader(buffer, offset, new MessageHeaderDecoder());
            heard.add(event.status());
            codes.add(event.code());
            sessionId = event.sessionId();
            members = event.members().count();
            return SendOutcome.SENT;
        }

        @Override
        public boolean isConnected() {
            return !closed;
        }

        @Override
        public void close() {
            closed = true;
        }
    }

    /** Knows two clients by their credentials. */
    private static final class Names implements Authenticator {
        private final Map<String, Role> roles = new HashMap<>(Map.of("reader", Role.READ, "boss", Role.ADMIN));
        private long generation;

        @Override
        public Principal authenticate(byte[] credentials) {
            String name = new String(credentials, StandardCharsets.US_ASCII);
            Role role = roles.get(name);
            return role == null ? null : new Principal(name, role);
        }

        @Override
        public boolean isValid(Principal principal) {
            return roles.containsKey(principal.name());
        }

        @Override
        public long generation() {
            return generation;
        }
    }

    private final List<Egress> opened = new ArrayList<>();
    private final Names names = new Names();
    private final SessionRegistry registry = new SessionRegistry();
    private final SessionManager sessions = new SessionManager(
            new NodeStreams() {
                @Override
                public int pollRaft(MessageHandler handler, int limit) {
                    return 0;
                }

                @Override
                public int pollIngress(MessageHandler handler, int limit) {
                    return 0;
                }

                @Override
                public int doSendWork() {
                    return 0;
                }

                @Override
                public ClientEgress openEgress(String channel, int streamId) {
                    Egress egress = new Egress();
                    opened.add(egress);
                    return egress;
                }
            },
            registry,
            groups(),
            () -> List.of(new MemberConfig(0, "a:1"), new MemberConfig(1, "b:1")),
            NodeLimits.defaults(),
            0,
            new SessionPolicy(new java.util.SplittableRandom(1)::nextLong, names, FAILURES_A_SECOND));

    private static HostedGroups groups() {
        ShardRouter router = new ShardRouter(FirstTable.of(16, 1, List.of(0, 1)));
        StateMachine state = new StateMachine(
                NoStore::create,
                new ReplyPublisher(new SessionRegistry(), HostedGroups.METADATA),
                16,
                4,
                new ClusterState(router));
        return new HostedGroups(
                List.of(new HostedGroup(HostedGroups.METADATA, state, () -> 0, new GroupStatus())), router);
    }

    @Test
    void aKeyOpensASessionThatMayDoWhatItsRoleMay() {
        connect(1, 10, "reader", 0);
        Egress reader = opened.getFirst();
        assertThat(reader.heard).containsExactly(SessionStatus.OPEN);
        assertThat(reader.members).isEqualTo(2);
        assertThat(sessions.allows(reader.sessionId, SearchDecoder.TEMPLATE_ID)).isTrue();
        assertThat(sessions.allows(reader.sessionId, UpsertDecoder.TEMPLATE_ID)).isFalse();

        connect(2, 20, "boss", 0);
        assertThat(sessions.allows(opened.get(1).sessionId, UpsertDecoder.TEMPLATE_ID))
                .isTrue();
    }

    @Test
    void aStrangerIsToldSoLearnsNothingAndIsGone() {
        connect(1, 10, "stranger", 0);
        Egress stranger = opened.getFirst();
        assertThat(stranger.heard).containsExactly(SessionStatus.REFUSED);
        assertThat(stranger.codes).containsExactly(ErrorCode.AUTHENTICATION_FAILED);
        assertThat(stranger.members).isZero();
        assertThat(registry.size()).isZero();
        sessions.doWork(MS);
        assertThat(stranger.closed).isTrue();
        assertThat(sessions.allows(stranger.sessionId, SearchDecoder.TEMPLATE_ID))
                .isFalse();
        assertThat(sessions.failedAuthentications()).isEqualTo(1);
    }

    @Test
    void aFloodOfStrangersIsCountedAndOpensAFewStreamsASecond() {
        for (int i = 0; i < 10_000; i++) {
            connect(1_000 + i, i, "stranger", i * MS / 100);
        }
        assertThat(sessions.failedAuthentications()).isEqualTo(10_000);
        assertThat(opened).hasSize(FAILURES_A_SECOND);
        connect(1, 1, "boss", 200 * MS);
        assertThat(opened.getLast().heard)
                .as("who has a key gets in all the same")
                .containsExactly(SessionStatus.OPEN);
        connect(5, 5, "stranger", 2_000 * MS);
        assertThat(opened.getLast().heard).as("a second later").containsExactly(SessionStatus.REFUSED);
    }

    @Test
    void aRepeatedConnectOpensNoSecondSession() {
        connect(1, 10, "boss", 0);
        connect(1, 10, "boss", MS);
        connect(1, 10, "boss", 2 * MS);
        assertThat(opened).hasSize(1);
        assertThat(registry.size()).isEqualTo(1);
    }

    @Test
    void aReplayedCloseOrKeepAliveOfAnOldSessionDoesNothingToANewOne() {
        connect(1, 10, "boss", 0);
        long old = opened.getFirst().sessionId;
        sessions.onClose(old);
        connect(1, 11, "boss", MS);
        long fresh = opened.get(1).sessionId;
        assertThat(fresh).isNotEqualTo(old);
        sessions.onClose(old);
        assertThat(sessions.onActivity(old, 2 * MS)).isFalse();
        sessions.doWork(3 * MS);
        assertThat(registry.size()).isEqualTo(1);
        assertThat(sessions.allows(fresh, UpsertDecoder.TEMPLATE_ID)).isTrue();
        assertThat(sessions.allows(old, UpsertDecoder.TEMPLATE_ID)).isFalse();
    }

    @Test
    void theSessionsOfARemovedKeyEnd() {
        connect(1, 10, "reader", 0);
        connect(2, 20, "boss", 0);
        names.roles.remove("reader");
        sessions.doWork(MS);
        assertThat(registry.size()).as("nobody was told to look yet").isEqualTo(2);
        names.generation++;
        sessions.doWork(2 * MS);
        assertThat(registry.size()).isEqualTo(1);
        assertThat(opened.getFirst().heard).containsExactly(SessionStatus.OPEN, SessionStatus.CLOSED);
        assertThat(opened.getFirst().closed).isTrue();
    }

    @Test
    void credentialsBeyondAllMeasureAreNotLookedAt() {
        connect(1, 10, "x".repeat(Authenticator.MAX_CREDENTIALS_LENGTH + 1), 0);
        assertThat(opened.getFirst().heard).containsExactly(SessionStatus.REFUSED);
    }

    private void connect(long clientId, long correlationId, String credentials, long nowNs) {
        UnsafeBuffer buffer = new UnsafeBuffer(new byte[4096]);
        byte[] bytes = credentials.getBytes(StandardCharsets.US_ASCII);
        new SessionConnectEncoder()
                .wrapAndApplyHeader(buffer, 0, new MessageHeaderEncoder())
                .correlationId(correlationId)
                .clientId(clientId)
                .protocolVersion(1)
                .responseStreamId(7)
                .responseChannel("aeron:udp?endpoint=localhost:1")
                .putCredentials(bytes, 0, bytes.length);
        sessions.onConnect(
                new SessionConnectDecoder().wrapAndApplyHeader(buffer, 0, new MessageHeaderDecoder()), nowNs);
        sessions.doWork(nowNs);
    }
}
