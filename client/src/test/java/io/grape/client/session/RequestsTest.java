package io.grape.client.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.grape.client.ReplyFrames;
import io.grape.client.Request;
import io.grape.codecs.sbe.ErrorCode;
import io.grape.codecs.sbe.SessionStatus;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** One thing that goes wrong at a time, in virtual time. */
class RequestsTest {
    private static final long MS = 1_000_000;
    private static final long LONG_NS = 60_000 * MS;

    private final SimulatedCluster cluster = new SimulatedCluster(1);
    private final SimulatedClient client = new SimulatedClient(cluster, 4, false);
    private SimulatedClient.Outcome lost = new SimulatedClient.Outcome();

    private Request last() {
        return cluster.received.get(cluster.received.size() - 1);
    }

    @Test
    void readsAndWritesAreAnswered() {
        SimulatedClient.Outcome write = client.write(1, LONG_NS);
        SimulatedClient.Outcome read = client.read(RequestSlot.ANY_NODE, LONG_NS);
        SimulatedClient.Outcome fixed = client.read(1, LONG_NS);
        client.run(10 * MS);
        assertThat(write.index).isEqualTo(1);
        assertThat(read.isSuccess()).isTrue();
        assertThat(fixed.isSuccess()).isTrue();
        assertThat(client.view.memberIds()).containsExactly(1, 2, 3);
        assertThat(client.view.connectedNodeId()).isEqualTo(1);
        assertThat(client.view.firstSession).isCompletedWithValue(1);
    }

    @Test
    void writeThatNobodyCanTakeEndsAsNotDone() {
        for (int id = 1; id <= 3; id++) {
            cluster.stop(id);
        }
        SimulatedClient.Outcome write = client.write(1, 500 * MS);
        client.run(501 * MS);
        assertThat(write.code).isEqualTo(ErrorCode.TIMED_OUT);
        assertThat(write.text).contains("after 0 attempts").contains("nothing was done");
        assertThat(client.window.lastSequence()).isZero();
    }

    @Test
    void writeThatWasSentAndNotAnsweredEndsAsUnknown() {
        client.run(10 * MS);
        SimulatedClient.Outcome write = client.write(1, 5_000 * MS);
        cluster.trouble = new SimulatedCluster.Trouble(1000, 0, 0, 0, 0);
        client.run(5_001 * MS);
        assertThat(write.code).isEqualTo(ErrorCode.TIMED_OUT);
        assertThat(write.text).contains("the outcome is unknown").doesNotContain("nothing was done");
        assertThat(client.window.acknowledgedThrough()).isEqualTo(1);
    }

    /** Submits a write that reaches nobody, and returns its slot. */
    private RequestSlot sentIntoTheVoid() {
        client.run(10 * MS);
        cluster.trouble = new SimulatedCluster.Trouble(1000, 0, 0, 0, 0);
        lost = client.write(1, LONG_NS);
        client.run(MS);
        RequestSlot slot = client.window.at(client.window.lastSequence());
        assertThat(slot.state).isEqualTo(RequestSlot.State.SENT);
        return slot;
    }

    private void refuse(RequestSlot slot, ErrorCode code, int retryAfterMs) {
        client.requests.onRefusal(
                new Refusal(slot.attemptSessionId, slot.correlationId, code, retryAfterMs, -1, "no: " + code),
                cluster.nowNs);
    }

    @Test
    void refusalAfterAnAttemptWithoutOutcomeSaysThatTheOutcomeIsUnknown() {
        RequestSlot slot = sentIntoTheVoid();
        refuse(slot, ErrorCode.LEADERSHIP_LOST, 0);
        client.sessions.onStatus(client.sessions.any().sessionId(), 1, 1, 1, cluster.nowNs);
        client.cycle();
        assertThat(slot.state).isEqualTo(RequestSlot.State.SENT);
        refuse(slot, ErrorCode.MEMORY_LIMIT, 1000);
        assertThat(lost.code).isEqualTo(ErrorCode.MEMORY_LIMIT);
        assertThat(lost.text).startsWith("no: MEMORY_LIMIT").endsWith("its outcome is unknown.");
    }

    @Test
    void refusalOfTheOnlyAttemptIsToldAsItIs() {
        refuse(sentIntoTheVoid(), ErrorCode.MEMORY_LIMIT, 1000);
        assertThat(lost.text).isEqualTo("no: MEMORY_LIMIT");
    }

    @Test
    void backPressureIsWaitedOutForTheTimeGiven() {
        RequestSlot slot = sentIntoTheVoid();
        cluster.trouble = SimulatedCluster.Trouble.NONE;
        refuse(slot, ErrorCode.BACK_PRESSURE, 30);
        client.run(29 * MS);
        assertThat(cluster.received).isEmpty();
        client.run(3 * MS);
        assertThat(lost.isSuccess()).isTrue();
    }

    @Test
    void timeoutTellsTheLastRefusal() {
        RequestSlot slot = sentIntoTheVoid();
        refuse(slot, ErrorCode.BACK_PRESSURE, 100_000);
        client.run(LONG_NS);
        assertThat(lost.code).isEqualTo(ErrorCode.TIMED_OUT);
        assertThat(lost.text).contains("nothing was done").contains("no: BACK_PRESSURE");
    }

    @Test
    void deterministicRefusalIsToldAsItIs() {
        cluster.leader = 2;
        client.run(10 * MS);
        cluster.trouble = new SimulatedCluster.Trouble(1000, 0, 0, 0, 0);
        SimulatedClient.Outcome write = client.write(1, LONG_NS);
        client.run(MS);
        cluster.trouble = SimulatedCluster.Trouble.NONE;
        RequestSlot slot = client.window.at(1);
        client.requests.onRefusal(
                new Refusal(slot.attemptSessionId, slot.correlationId, ErrorCode.NOT_FINITE, -1, -1, "a NaN"),
                cluster.nowNs);
        assertThat(write.code).isEqualTo(ErrorCode.NOT_FINITE);
        assertThat(write.text).isEqualTo("a NaN");
    }

    @Test
    void errorOfAnAttemptThatWasGivenUpIsNotHeard() {
        client.run(10 * MS);
        cluster.trouble = new SimulatedCluster.Trouble(1000, 0, 0, 0, 0);
        SimulatedClient.Outcome write = client.write(1, LONG_NS);
        client.run(MS);
        RequestSlot slot = client.window.at(1);
        client.requests.onRefusal(
                new Refusal(slot.attemptSessionId + 1, slot.correlationId, ErrorCode.NOT_FINITE, -1, -1, ""),
                cluster.nowNs);
        client.requests.onRefusal(
                new Refusal(slot.attemptSessionId, slot.correlationId + 256, ErrorCode.NOT_FINITE, -1, -1, ""),
                cluster.nowNs);
        assertThat(write.isDone()).isFalse();
        assertThat(client.requests.strayReplies()).isEqualTo(2);
    }

    @Test
    void stoppingNodeIsLeftForTheNextLeader() {
        client.run(10 * MS);
        cluster.trouble = new SimulatedCluster.Trouble(1000, 0, 0, 0, 0);
        SimulatedClient.Outcome write = client.write(1, LONG_NS);
        client.run(MS);
        cluster.trouble = SimulatedCluster.Trouble.NONE;
        cluster.elect(3);
        RequestSlot slot = client.window.at(1);
        client.requests.onRefusal(
                new Refusal(slot.attemptSessionId, slot.correlationId, ErrorCode.NODE_STOPPING, 1000, -1, ""),
                cluster.nowNs);
        assertThat(client.leader.nodeId()).isEqualTo(LeaderTracker.UNKNOWN);
        client.run(200 * MS);
        assertThat(write.isSuccess()).isTrue();
        assertThat(last().nodeId()).isEqualTo(3);
    }

    @Test
    void unknownSessionIsOpenedAnew() {
        client.run(10 * MS);
        cluster.trouble = new SimulatedCluster.Trouble(1000, 0, 0, 0, 0);
        SimulatedClient.Outcome write = client.write(1, LONG_NS);
        client.run(MS);
        cluster.trouble = SimulatedCluster.Trouble.NONE;
        RequestSlot slot = client.window.at(1);
        long before = slot.attemptSessionId;
        client.requests.onRefusal(
                new Refusal(before, slot.correlationId, ErrorCode.SESSION_UNKNOWN, -1, -1, ""), cluster.nowNs);
        client.run(20 * MS);
        assertThat(write.isSuccess()).isTrue();
        assertThat(last().sessionId()).isNotEqualTo(before);
    }

    @Test
    void sessionThatItsNodeClosedIsOpenedAnew() {
        client.run(10 * MS);
        NodeSession session = client.sessions.leader(Leaders.METADATA);
        cluster.tell(ReplyFrames.sessionEvent(
                new ReplyFrames.Event(-1, session.sessionId(), 1, 1, 1),
                SessionStatus.CLOSED,
                ErrorCode.OK,
                Map.of(),
                ""));
        client.run(MS);
        assertThat(session.isOpen()).isFalse();
        client.run(200 * MS);
        assertThat(session.isOpen()).isTrue();
    }

    @Test
    void newsOfALeaderMovesWhatIsUnanswered() {
        client.run(10 * MS);
        cluster.trouble = new SimulatedCluster.Trouble(1000, 0, 0, 0, 0);
        SimulatedClient.Outcome write = client.write(1, LONG_NS);
        client.run(MS);
        cluster.trouble = SimulatedCluster.Trouble.NONE;
        cluster.stop(1);
        cluster.elect(2);
        cluster.tell(ReplyFrames.sessionEvent(
                new ReplyFrames.Event(-1, client.sessions.openSession(2).sessionId(), 2, 2, 2),
                SessionStatus.LEADER_CHANGED,
                ErrorCode.OK,
                Map.of(),
                ""));
        client.run(2 * MS);
        assertThat(write.isSuccess()).isTrue();
        assertThat(client.requests.resends()).isEqualTo(1);
    }

    @Test
    void deadLeaderIsReplacedWellBeforeTheAttemptTimesOut() {
        client.run(10 * MS);
        cluster.stop(1);
        cluster.elect(2);
        SimulatedClient.Outcome write = client.write(1, LONG_NS);
        client.run(SimulatedClient.ATTEMPT_NS * 3 / 4);
        assertThat(write.isSuccess()).isTrue();
    }

    @Test
    void cancelledWriteThatWasNotSentTakesNoSequence() {
        cluster.stop(1);
        cluster.stop(2);
        cluster.stop(3);
        SimulatedClient.Outcome cancelled = client.write(1, LONG_NS);
        SimulatedClient.Outcome kept = client.write(2, LONG_NS);
        client.run(10 * MS);
        cancelled.isCancelled = true;
        cluster.restartAll();
        client.run(2_000 * MS);
        assertThat(cancelled.isDone()).isFalse();
        assertThat(kept.isSuccess()).isTrue();
        assertThat(client.window.lastSequence()).isEqualTo(1);
        assertThat(client.pool.inUse()).isZero();
    }

    @Test
    void requestAboveTheNodesLimitIsRefusedHere() {
        client.run(10 * MS);
        RequestSlot slot = client.pool.at(0);
        SimulatedClient.Outcome write = client.write(1, LONG_NS);
        for (int i = 0; i < client.pool.size(); i++) {
            if (client.pool.at(i).handler != null) {
                slot = client.pool.at(i);
            }
        }
        slot.length = 64 * 1024 + 1;
        client.run(MS);
        assertThat(write.code).isEqualTo(ErrorCode.MESSAGE_TOO_LARGE);
        assertThat(write.text).contains("65537").contains("65536");
    }

    @Test
    void lostDriverEndsEverything() {
        client.run(10 * MS);
        cluster.trouble = new SimulatedCluster.Trouble(1000, 0, 0, 0, 0);
        SimulatedClient.Outcome write = client.write(1, LONG_NS);
        client.run(2 * MS);
        cluster.isFailed = true;
        client.run(2 * MS);
        assertThat(write.code).isEqualTo(ErrorCode.IO_FAILURE);
    }

    @Test
    void closeEndsWhatIsInFlightAndWhatIsOnlySubmitted() {
        client.run(10 * MS);
        cluster.trouble = new SimulatedCluster.Trouble(1000, 0, 0, 0, 0);
        SimulatedClient.Outcome sent = client.write(1, LONG_NS);
        client.run(2 * MS);
        SimulatedClient.Outcome submitted = client.write(2, LONG_NS);
        client.agent.onClose();
        assertThat(sent.code).isEqualTo(ErrorCode.CLIENT_CLOSED);
        assertThat(submitted.code).isEqualTo(ErrorCode.CLIENT_CLOSED);
        assertThat(submitted.text).contains("nothing was sent");
        assertThat(client.agent.roleName()).isEqualTo("grape-client");
    }

    @Test
    void pinnedClientKnowsOneNodeOnly() {
        SimulatedClient pinned = new SimulatedClient(cluster, 4, true);
        cluster.leader = 2;
        SimulatedClient.Outcome write = pinned.write(1, LONG_NS);
        SimulatedClient.Outcome elsewhere = pinned.read(3, LONG_NS);
        pinned.run(20 * MS);
        assertThat(write.code).isEqualTo(ErrorCode.NOT_LEADER);
        assertThat(elsewhere.code).isEqualTo(ErrorCode.INVALID_CONFIGURATION);
        assertThat(cluster.received).extracting(Request::nodeId).containsOnly(1);
    }

    @Test
    void garbageIsCountedAndDoesNothing() {
        client.run(10 * MS);
        cluster.tell(new byte[] {1, 2, 3});
        byte[] request = ReplyFrames.write(1, 2, 3, 4, false);
        request[2] = (byte) 200;
        cluster.tell(request);
        cluster.tell(ReplyFrames.write(1, 77, 3, 4, false));
        client.run(MS);
        assertThat(client.replies.malformedReplies()).isEqualTo(2);
        assertThat(client.requests.strayReplies()).isEqualTo(1);
    }
}
