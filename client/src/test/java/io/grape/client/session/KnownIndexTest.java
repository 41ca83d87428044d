package io.grape.client.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.grape.client.ReplyFrames;
import io.grape.client.Request;
import io.grape.codecs.sbe.ErrorCode;
import io.grape.codecs.sbe.MessageHeaderDecoder;
import io.grape.codecs.sbe.MessageHeaderEncoder;
import io.grape.codecs.sbe.SessionEventEncoder;
import io.grape.codecs.sbe.SessionStatus;
import io.grape.codecs.sbe.UpsertDecoder;
import java.util.List;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.MutableDirectBuffer;
import org.junit.jupiter.api.Test;

/** What a write says that its client had heard of, and what becomes of the refusals that hang on it. */
class KnownIndexTest {
    private static final long MS = 1_000_000;
    private static final long LONG_NS = 60_000 * MS;

    private final SimulatedCluster cluster = new SimulatedCluster(7);
    private final SimulatedClient client = new SimulatedClient(cluster, 8, false);

    private static long knownIndex(Request request) {
        return new UpsertDecoder()
                .wrapAndApplyHeader(request.buffer(), 0, new MessageHeaderDecoder())
                .knownIndex();
    }

    private List<Long> knownIndices() {
        return cluster.received.stream()
                .filter(Request::isWrite)
                .map(KnownIndexTest::knownIndex)
                .toList();
    }

    @Test
    void aWriteSaysTheHighestIndexThatTheClientHadHeardOf() {
        client.write(1, LONG_NS);
        client.run(10 * MS);
        client.write(2, LONG_NS);
        client.run(10 * MS);
        cluster.tell(ReplyFrames.write(client.sessions.any().sessionId(), 4711, 500, 1, false));
        client.run(10 * MS);
        client.write(3, LONG_NS);
        client.run(10 * MS);
        assertThat(knownIndices().get(0)).isLessThan(1);
        assertThat(knownIndices().get(1)).isPositive();
        assertThat(knownIndices().get(2)).isEqualTo(500);
    }

    @Test
    void theClientHearsOfIndicesFromStatusRepliesAndSessionEventsToo() {
        client.run(10 * MS);
        cluster.tell(ReplyFrames.status(client.sessions.any().sessionId(), 4711, 1, 1, 1));
        client.run(10 * MS);
        client.write(1, LONG_NS);
        client.run(10 * MS);
        assertThat(knownIndices()).containsExactly(37L);
        MutableDirectBuffer event = new ExpandableArrayBuffer();
        SessionEventEncoder encoder = new SessionEventEncoder()
                .wrapAndApplyHeader(event, 0, new MessageHeaderEncoder())
                .correlationId(-1)
                .sessionId(-1)
                .status(SessionStatus.LEADER_CHANGED)
                .code(ErrorCode.OK)
                .commitIndex(900);
        encoder.membersCount(0);
        encoder.text("");
        byte[] frame = new byte[encoder.limit()];
        event.getBytes(0, frame);
        cluster.tell(frame);
        client.run(10 * MS);
        client.write(2, LONG_NS);
        client.run(10 * MS);
        assertThat(knownIndices().getLast()).isEqualTo(900);
    }

    @Test
    void aWriteThatIsSentAgainSaysWhatItSaidTheFirstTime() {
        client.run(10 * MS);
        cluster.trouble = new SimulatedCluster.Trouble(1000, 0, 0, 0, 0);
        SimulatedClient.Outcome write = client.write(1, LONG_NS);
        client.run(MS);
        RequestSlot slot = client.window.at(1);
        assertThat(slot.state).isEqualTo(RequestSlot.State.SENT);
        client.requests.onKnownIndex(0, 500);
        cluster.trouble = SimulatedCluster.Trouble.NONE;
        refuse(slot, ErrorCode.BACK_PRESSURE);
        client.run(100 * MS);
        assertThat(write.isSuccess()).isTrue();
        assertThat(slot.attempts).isGreaterThan(1);
        assertThat(knownIndices())
                .singleElement()
                .satisfies(index -> assertThat(index).isLessThan(500));
    }

    @Test
    void aMismatchIsTheOutcomeAlsoAfterAnAttemptWithoutAnswer() {
        RequestSlot slot = sentAndUncertain();
        SimulatedClient.Outcome write = lost;
        refuse(slot, ErrorCode.VERSION_MISMATCH);
        assertThat(write.code).isEqualTo(ErrorCode.VERSION_MISMATCH);
        assertThat(write.text).isEqualTo("no: VERSION_MISMATCH");
    }

    @Test
    void anExpiredSessionIsAnUnknownOutcomeAfterAnAttemptWithoutAnswer() {
        RequestSlot slot = sentAndUncertain();
        refuse(slot, ErrorCode.SESSION_EXPIRED);
        assertThat(lost.code).isEqualTo(ErrorCode.SESSION_EXPIRED);
        assertThat(lost.text).endsWith("its outcome is unknown.");
        assertThat(lost.outcomes).isOne();
    }

    private SimulatedClient.Outcome lost = new SimulatedClient.Outcome();

    private RequestSlot sentAndUncertain() {
        client.run(10 * MS);
        cluster.trouble = new SimulatedCluster.Trouble(1000, 0, 0, 0, 0);
        lost = client.write(1, LONG_NS);
        client.run(MS);
        RequestSlot slot = client.window.at(1);
        refuse(slot, ErrorCode.LEADERSHIP_LOST);
        client.sessions.onStatus(client.sessions.any().sessionId(), 1, 1, 1, cluster.nowNs);
        client.cycle();
        assertThat(slot.state).isEqualTo(RequestSlot.State.SENT);
        return slot;
    }

    private void refuse(RequestSlot slot, ErrorCode code) {
        client.requests.onRefusal(
                new Refusal(slot.attemptSessionId, slot.correlationId, code, 5, -1, "no: " + code), cluster.nowNs);
    }
}
