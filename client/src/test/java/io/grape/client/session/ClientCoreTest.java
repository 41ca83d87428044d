package io.grape.client.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grape.client.ReplyFrames;
import io.grape.codecs.GrapeException;
import io.grape.codecs.sbe.ErrorCode;
import io.grape.codecs.sbe.MessageHeaderEncoder;
import io.grape.codecs.sbe.UpsertEncoder;
import java.util.List;
import org.agrona.concurrent.NoOpIdleStrategy;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The places of a client and their limits; the test is the thread that turns the machine. */
class ClientCoreTest {
    private static final long SECOND_NS = 1_000_000_000;

    private final SimulatedCluster cluster = new SimulatedCluster(1);
    private final ClientCore core = new ClientCore(
            new SessionConfig(List.of("node1:9000"), 99, 1, SECOND_NS, 2, false, new byte[0]),
            cluster,
            () -> cluster.nowNs,
            NoOpIdleStrategy.INSTANCE,
            12345);

    @AfterEach
    void close() {
        core.close();
    }

    private void run(long durationNs) {
        for (long endNs = cluster.nowNs + durationNs; cluster.nowNs < endNs; cluster.nowNs += 100_000) {
            core.doWork();
        }
    }

    private static void assertCode(ErrorCode code, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        GrapeException.class, e -> assertThat(e.code()).isEqualTo(code));
    }

    private SimulatedClient.Outcome write(long id) {
        RequestSlot slot = core.acquire(0);
        UpsertEncoder upsert = new UpsertEncoder().wrapAndApplyHeader(slot.buffer(), 0, new MessageHeaderEncoder());
        upsert.tableEpoch(0).collectionId(1).dimension(1);
        upsert.pointsCount(1)
                .next()
                .payloadLength(0)
                .expectedVersion(UpsertEncoder.PointsEncoder.expectedVersionNullValue())
                .id()
                .most(0)
                .least(id);
        upsert.putVectors(new byte[] {1, 2, 3, 4}, 0, 4).putPayloads(new byte[0], 0, 0);
        SimulatedClient.Outcome outcome = new SimulatedClient.Outcome();
        outcome.onOutcome = () -> cluster.answeredSequences.add(slot.sequence);
        core.submit(slot, upsert.limit(), true, RequestSlot.LEADER, outcome, SECOND_NS);
        return outcome;
    }

    @Test
    void aRequestIsAnsweredAndItsPlaceIsFreeAgain() {
        SimulatedClient.Outcome outcome = write(1);
        assertThat(core.inFlight()).isEqualTo(1);
        run(SECOND_NS / 10);
        assertThat(outcome.index).isEqualTo(1);
        assertThat(core.inFlight()).isZero();
        assertThat(core.lastSequence()).isEqualTo(1);
        assertThat(core.maxBatchPoints()).isEqualTo(100);
        assertThat(core.maxMessageLength()).isEqualTo(64 * 1024);
        assertThat(core.connectedNodeId()).isEqualTo(1);
    }

    @Test
    void whoFindsNoPlaceIsToldAndNothingIsSent() {
        assertThat(core.maxInFlight()).isEqualTo(2);
        RequestSlot first = core.acquire(0);
        RequestSlot second = core.tryAcquire();
        assertThat(second).isNotNull().isNotSameAs(first);
        assertThat(core.tryAcquire()).isNull();
        assertThatThrownBy(() -> core.acquire(0)).hasMessageContaining("All 2 places");
        assertCode(ErrorCode.BACK_PRESSURE, () -> core.acquire(1));
        core.abandon(first);
        assertThat(core.acquire(0)).isSameAs(first);
    }

    @Test
    void anInterruptedWaitEndsAtOnceAndTheInterruptIsKept() {
        core.acquire(0);
        core.acquire(0);
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> core.acquire(60 * SECOND_NS))
                .hasMessageContaining("Interrupted while waiting for a free place")
                .isInstanceOfSatisfying(
                        GrapeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.BACK_PRESSURE));
        assertThat(Thread.interrupted()).isTrue();
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> core.awaitSession(60 * SECOND_NS))
                .hasMessageContaining("Interrupted while connecting");
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void nobodyWhoAnswersIsNamedWithTheEndpoints() {
        assertThatThrownBy(() -> core.awaitSession(1))
                .hasMessageContaining("No node answered at [node1:9000]")
                .isInstanceOfSatisfying(
                        GrapeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.TIMED_OUT));
    }

    @Test
    void repliesThatNobodyWaitsForAndMessagesThatCannotBeReadAreCounted() {
        write(1);
        run(SECOND_NS / 10);
        assertThat(core.strayReplies()).isZero();
        assertThat(core.malformedReplies()).isZero();
        cluster.tell(ReplyFrames.write(cluster.received.get(0).sessionId(), 1, 1, 1, false));
        cluster.tell(new byte[] {1, 2, 3});
        run(SECOND_NS / 10);
        assertThat(core.strayReplies()).isEqualTo(1);
        assertThat(core.malformedReplies()).isEqualTo(1);
        assertThat(core.resends()).isZero();
    }

    @Test
    void nodesAreToldOfNoMoreOutcomesThanTheCallerAllows() {
        core.acknowledgeThrough(0);
        write(1);
        run(SECOND_NS / 10);
        write(2);
        run(SECOND_NS / 10);
        core.acknowledgeThrough(2);
        write(3);
        run(SECOND_NS / 10);
        assertThat(cluster.received)
                .extracting(each -> each.acknowledgedThrough())
                .containsExactly(0L, 0L, 2L);
    }

    @Test
    void aClosedClientTakesNothingMore() {
        core.close();
        assertCode(ErrorCode.CLIENT_CLOSED, () -> core.acquire(0));
        assertCode(ErrorCode.CLIENT_CLOSED, core::tryAcquire);
    }
}
