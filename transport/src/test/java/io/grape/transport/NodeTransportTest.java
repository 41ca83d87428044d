package io.grape.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aeron.Aeron;
import io.aeron.Subscription;
import io.grape.codecs.GrapeException;
import io.grape.codecs.sbe.ErrorCode;
import io.grape.transport.driver.DriverConfig;
import io.grape.transport.driver.DriverHandle;
import io.grape.transport.fault.SeededLinkFaults;
import java.net.DatagramSocket;
import java.util.ArrayList;
import java.util.List;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class NodeTransportTest {
    private static final int TERM = 64 * 1024;
    private final List<String> received = new ArrayList<>();
    private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[32 * 1024]);

    private static TransportConfig config(int nodeId, String endpoint, Peer... peers) {
        return TransportConfig.of(nodeId, endpoint, List.of(peers))
                .withDriver(DriverConfig.embedded().withRequiredSpace(0))
                .withLengths(TERM, TERM, 8192);
    }

    private MessageHandler collector(String name) {
        return (DirectBuffer message, int offset, int length, int sessionId) -> {
            received.add(name + " " + message.getStringWithoutLengthAscii(offset, length));
            return true;
        };
    }

    private int put(String text) {
        return buffer.putStringWithoutLengthAscii(0, text);
    }

    @Test
    void peersHearEachOtherOnSeparateStreamsOfOneEndpoint() {
        String first = Polling.freeEndpoint();
        String second = Polling.freeEndpoint();
        try (NodeTransport one = NodeTransport.open(config(1, first, Peer.of(2, second)));
                NodeTransport two = NodeTransport.open(config(2, second, Peer.of(1, first)))) {
            Polling.until("raft to 2", () -> one.sendToPeer(2, buffer, 0, put("vote")) == SendOutcome.SENT);
            Polling.until("raft to 1", () -> two.sendToPeer(1, buffer, 0, put("granted")) == SendOutcome.SENT);
            Polling.until("bulk to 2", () -> one.sendBulkToPeer(2, buffer, 0, put("chunk")) == SendOutcome.SENT);
            Polling.until("all three", () -> {
                two.pollRaft(collector("two raft"), 10);
                two.pollBulk(collector("two bulk"), 10);
                one.pollRaft(collector("one raft"), 10);
                return received.size() == 3;
            });
            assertThat(received).containsExactlyInAnyOrder("two raft vote", "one raft granted", "two bulk chunk");
            assertThat(one.sendToPeer(9, buffer, 0, 1)).isEqualTo(SendOutcome.CLOSED);
            assertThat(one.sendBulkToPeer(9, buffer, 0, 1)).isEqualTo(SendOutcome.CLOSED);
            assertThat(one.peerCounters(2)).isNotNull();
            assertThat(one.peerCounters(9)).isNull();
            assertThat(one.isFailed()).isFalse();
            one.removePeer(2);
            assertThat(one.sendToPeer(2, buffer, 0, 1)).isEqualTo(SendOutcome.CLOSED);
        }
    }

    @Test
    void peerThatComesBackAtItsAddressIsHeardAgain() {
        String first = Polling.freeEndpoint();
        String second = Polling.freeEndpoint();
        try (NodeTransport one = NodeTransport.open(config(1, first, Peer.of(2, second)))) {
            for (int life = 0; life < 2; life++) {
                received.clear();
                try (NodeTransport two = NodeTransport.open(config(2, second, Peer.of(1, first)))) {
                    Polling.until("heard", () -> {
                        one.sendToPeer(2, buffer, 0, put("hello"));
                        two.pollRaft(collector("two"), 10);
                        return !received.isEmpty();
                    });
                }
            }
        }
    }

    @Test
    void clientIsAnsweredOnItsOwnChannelAndItsDepartureIsTold() {
        String endpoint = Polling.freeEndpoint();
        List<Integer> departed = new ArrayList<>();
        int[] sessionId = new int[1];
        try (NodeTransport node = NodeTransport.open(config(1, endpoint));
                DriverHandle driver =
                        DriverHandle.forClient(DriverConfig.embedded().withRequiredSpace(0), 3)) {
            node.onClientDeparture(departed::add);
            Aeron aeron = driver.aeron();
            Subscription replies = aeron.addSubscription(Channels.listen("localhost:0"), StreamId.EGRESS);
            PeerPublisher requests = new PeerPublisher(
                    aeron, attempt -> Channels.send(endpoint, TERM), StreamId.INGRESS, System::nanoTime);
            Polling.until("sent", () -> requests.offer(buffer, 0, put("search")) == SendOutcome.SENT);
            Polling.until("request", () -> {
                node.pollIngress(
                        (message, offset, length, session) -> {
                            sessionId[0] = session;
                            return collector("node").onMessage(message, offset, length, session);
                        },
                        10);
                return !received.isEmpty();
            });
            EgressPublisher egress = node.openEgress(replies.tryResolveChannelEndpointPort(), StreamId.EGRESS);
            Polling.until("answered", () -> egress.offer(buffer, 0, put("found")) == SendOutcome.SENT);
            assertThat(egress.isConnected()).isTrue();
            assertThat(egress.offer(buffer, 0, TERM / 8 + 1)).isEqualTo(SendOutcome.TOO_LONG);
            Polling.until(
                    "reply",
                    () -> replies.poll(
                                    (message, offset, length, header) ->
                                            collector("client").onMessage(message, offset, length, header.sessionId()),
                                    10)
                            > 0);
            assertThat(received).containsExactly("node search", "client found");
            requests.close();
            Polling.until("departure", () -> {
                node.pollIngress(collector("node"), 10);
                return !departed.isEmpty();
            });
            assertThat(departed).containsExactly(sessionId[0]);
            egress.close();
            egress.close();
            assertThat(egress.isClosed()).isTrue();
            assertThat(egress.offer(buffer, 0, 1)).isEqualTo(SendOutcome.CLOSED);
            assertThat(node.egressCounters().get(SendOutcome.SENT)).isEqualTo(1);
        }
    }

    @Test
    void channelThatLeadsNowhereHarmsNobody() {
        try (NodeTransport node = NodeTransport.open(config(1, Polling.freeEndpoint()))) {
            EgressPublisher nobody = node.openEgress("aeron:udp?endpoint=" + Polling.freeEndpoint(), StreamId.EGRESS);
            EgressPublisher unknown = node.openEgress("aeron:udp?endpoint=no-such-host.invalid:4000", StreamId.EGRESS);
            for (int i = 0; i < 100; i++) {
                assertThat(nobody.offer(buffer, 0, 100)).isEqualTo(SendOutcome.NOT_CONNECTED);
            }
            assertThat(nobody.isConnected()).isFalse();
            Polling.until("unknown host is closed or unconnected", () -> {
                SendOutcome outcome = unknown.offer(buffer, 0, 100);
                assertThat(outcome).isIn(SendOutcome.NOT_CONNECTED, SendOutcome.CLOSED);
                return node.egressCounters().get(SendOutcome.NOT_CONNECTED) > 200 || unknown.isClosed();
            });
            nobody.close();
            unknown.close();
            assertThatThrownBy(() -> node.openEgress("aeron:ipc", StreamId.EGRESS))
                    .isInstanceOf(GrapeException.class);
            assertThatThrownBy(() -> node.openEgress("aeron:udp?endpoint=localhost:4000", 0))
                    .hasMessageContaining("response stream");
        }
    }

    @Test
    void clientOfTheSameDriverIsServedOverSharedMemory() {
        try (NodeTransport node =
                        NodeTransport.open(config(1, Polling.freeEndpoint()).withIpcIngress(true));
                DriverHandle guest = DriverHandle.forClient(DriverConfig.external(node.aeronDirectory()), 4)) {
            PeerPublisher requests =
                    new PeerPublisher(guest.aeron(), attempt -> Channels.IPC, StreamId.INGRESS, System::nanoTime);
            Polling.until("sent", () -> requests.offer(buffer, 0, put("ping")) == SendOutcome.SENT);
            Polling.until("request", () -> {
                node.pollIngress(collector("node"), 10);
                return received.contains("node ping");
            });
            requests.close();
        }
    }

    @Test
    void requestAboveTheLimitIsCountedAndNotHandedOn() {
        String endpoint = Polling.freeEndpoint();
        try (NodeTransport node = NodeTransport.open(config(1, endpoint).withLengths(TERM, TERM, 1024));
                DriverHandle driver =
                        DriverHandle.forClient(DriverConfig.embedded().withRequiredSpace(0), 5)) {
            PeerPublisher requests = new PeerPublisher(
                    driver.aeron(), attempt -> Channels.send(endpoint, TERM), StreamId.INGRESS, System::nanoTime);
            Polling.until("sent", () -> requests.offer(buffer, 0, 1025) == SendOutcome.SENT);
            Polling.until("counted", () -> {
                node.pollIngress(collector("node"), 10);
                return node.oversizedRequests() == 1;
            });
            assertThat(received).isEmpty();
            requests.close();
        }
    }

    @Test
    void takenPortIsRefusedNamingTheEndpointAndWhatToDo() {
        String endpoint = Polling.freeEndpoint();
        try (NodeTransport holder = NodeTransport.open(config(1, endpoint))) {
            assertThatThrownBy(() -> NodeTransport.open(config(2, endpoint)))
                    .isInstanceOfSatisfying(
                            GrapeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.PORT_IN_USE))
                    .hasMessageContaining(endpoint)
                    .hasMessageContaining("ss -lunp");
            assertThat(holder.isFailed()).isFalse();
            assertThat(holder.aeronDirectory()).exists();
        }
    }

    @Test
    void portTakenBehindAnExternalDriverIsTheSameRefusal() throws Exception {
        String endpoint = Polling.freeEndpoint();
        try (DriverHandle driver =
                        DriverHandle.forClient(DriverConfig.embedded().withRequiredSpace(0), 6);
                DatagramSocket other = new DatagramSocket(Channels.resolve(endpoint))) {
            assertThat(other.isBound()).isTrue();
            TransportConfig config = config(1, endpoint).withDriver(DriverConfig.external(driver.directory()));
            assertThatThrownBy(() -> NodeTransport.open(config))
                    .isInstanceOfSatisfying(
                            GrapeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.PORT_IN_USE))
                    .hasMessageContaining(endpoint);
        }
    }

    @Test
    void cutLinkLosesWhatLooksSentUntilItIsMended() {
        String first = Polling.freeEndpoint();
        String second = Polling.freeEndpoint();
        SeededLinkFaults faults = new SeededLinkFaults(11, SeededLinkFaults.Rates.NONE);
        long[] nowNs = {0};
        try (NodeTransport one =
                        NodeTransport.open(config(1, first, Peer.of(2, second)).withFaults(faults), () -> nowNs[0]);
                NodeTransport two = NodeTransport.open(config(2, second))) {
            Polling.until("connected", () -> one.sendToPeer(2, buffer, 0, put("before")) == SendOutcome.SENT);
            faults.cut(2);
            assertThat(one.sendToPeer(2, buffer, 0, put("during"))).isEqualTo(SendOutcome.SENT);
            faults.mend(2);
            faults.rates(new SeededLinkFaults.Rates(0, 0, 1000, 1));
            assertThat(one.sendToPeer(2, buffer, 0, put("delayed"))).isEqualTo(SendOutcome.SENT);
            assertThat(one.doSendWork()).isZero();
            nowNs[0] = 1;
            assertThat(one.doSendWork()).isEqualTo(1);
            assertThat(two.doSendWork()).isZero();
            Polling.until("both others", () -> {
                two.pollRaft(collector("two"), 10);
                return received.size() == 2;
            });
            assertThat(received).containsExactly("two before", "two delayed");
        }
    }

    @Test
    void unknownHostIsRefusedBeforeADriverIsStarted() {
        assertThatThrownBy(() -> NodeTransport.open(config(1, "no-such-host.invalid:4000")))
                .isInstanceOfSatisfying(
                        GrapeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_CONFIGURATION));
        assertThatThrownBy(() -> NodeTransport.open(config(1, "192.0.2.1:4000")))
                .isInstanceOfSatisfying(
                        GrapeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.PORT_IN_USE))
                .hasMessageContaining("address of this machine");
    }
}
