package io.grape.raft.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class PendingReadsTest {
    private final List<String> events = new ArrayList<>();
    private boolean sinkIsFull;
    private final RequestSink sink = new RequestSink() {
        @Override
        public void refused(long sessionId, long correlationId, int reason, int leaderNodeId) {
            events.add("refused " + sessionId + "/" + correlationId + " " + reason + " " + leaderNodeId);
        }

        @Override
        public boolean readReady(int groupId, DirectBuffer body, int offset, int length) {
            if (sinkIsFull) {
                return false;
            }
            events.add("ready " + body.getStringWithoutLengthAscii(offset, length));
            return true;
        }
    };

    private long appliedIndex;
    private final ReadGate gate = new ReadGate() {
        @Override
        public long appliedIndex() {
            return appliedIndex;
        }

        @Override
        public int leaderNodeId() {
            return 2;
        }

        @Override
        public int groupId() {
            return 7;
        }
    };

    private final PendingReads reads = new PendingReads(2);

    @Test
    void releasesAReadOnceItsIndexIsApplied() {
        add(1, "q", 10, 100);
        assertThat(poll(9, 0)).isZero();
        assertThat(poll(10, 0)).isEqualTo(1);
        assertThat(events).containsExactly("ready q");
        assertThat(reads.size()).isZero();
    }

    @Test
    void aReadWithoutAnIndexWaitsForItsConfirmation() {
        long token = add(1, "q", -1, 100);
        assertThat(poll(1_000, 0)).isZero();
        reads.confirmed(token, 1_001);
        assertThat(poll(1_000, 0)).isZero();
        assertThat(poll(1_001, 0)).isEqualTo(1);
    }

    @Test
    void refusesAReadThatWaitedTooLong() {
        add(1, "q", 10, 100);
        assertThat(poll(9, 100)).isEqualTo(1);
        assertThat(events).containsExactly("refused 1/101 " + RequestSink.INDEX_NOT_REACHED + " -1");
    }

    @Test
    void aLateConfirmationDoesNotTouchTheReadThatTookThePlace() {
        long old = add(1, "old", -1, 100);
        poll(0, 100);
        add(2, "new", -1, 1_000);
        reads.confirmed(old, 0);
        assertThat(poll(50, 200)).isZero();
        assertThat(events).hasSize(1);
    }

    @Test
    void offersAReadAgainWhenTheQueryRingIsFull() {
        add(1, "q", 1, 100);
        sinkIsFull = true;
        assertThat(poll(1, 0)).isZero();
        sinkIsFull = false;
        assertThat(poll(1, 0)).isEqualTo(1);
    }

    @Test
    void refusesAFailedReadOnceAndFreesItsPlace() {
        long token = add(1, "q", -1, 100);
        add(2, "r", -1, 100);
        assertThat(add(3, "s", -1, 100)).isEqualTo(-1);
        reads.failed(token, sink, RequestSink.NOT_LEADER);
        reads.failed(token, sink, RequestSink.NOT_LEADER);
        assertThat(events).containsExactly("refused 1/101 " + RequestSink.NOT_LEADER + " 2");
        poll(0, 0);
        assertThat(add(3, "s", -1, 100)).isNotEqualTo(-1);
    }

    private long add(long sessionId, String text, long requiredIndex, long deadlineNs) {
        InboundSlot slot = new InboundSlot();
        slot.sessionId = sessionId;
        slot.correlationId = sessionId + 100;
        UnsafeBuffer body = new UnsafeBuffer(new byte[64]);
        slot.length = body.putStringWithoutLengthAscii(0, text);
        return reads.add(slot, gate, body, 0, requiredIndex, deadlineNs);
    }

    private int poll(long nowApplied, long nowNs) {
        appliedIndex = nowApplied;
        return reads.poll(nowNs, sink);
    }
}
