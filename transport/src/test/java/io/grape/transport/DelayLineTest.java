package io.grape.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.grape.transport.fault.LinkFaults;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class DelayLineTest {
    private static final int PEER = 7;

    private final List<String> delivered = new ArrayList<>();
    private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[16]);
    private final DelayLine line = new DelayLine((peer, message, offset, length) -> {
        delivered.add(peer + ":" + message.getStringWithoutLengthAscii(offset, length));
        return SendOutcome.SENT;
    });

    private record Script(int copies, Deque<Long> delaysNs) implements LinkFaults {
        static Script of(int copies, Long... delaysNs) {
            return new Script(copies, new ArrayDeque<>(List.of(delaysNs)));
        }

        @Override
        public int copies(int peerNodeId) {
            return copies;
        }

        @Override
        public long delayNs(int peerNodeId) {
            return delaysNs.remove();
        }
    }

    private SendOutcome send(LinkFaults faults, String text, long nowNs) {
        int length = buffer.putStringWithoutLengthAscii(4, text);
        return line.send(faults, PEER, buffer, 4, length, nowNs);
    }

    @Test
    void lostMessageLooksSentAndNeverArrives() {
        assertThat(send(Script.of(0), "lost", 0)).isEqualTo(SendOutcome.SENT);
        line.release(Long.MAX_VALUE / 2);
        assertThat(delivered).isEmpty();
    }

    @Test
    void duplicateArrivesTwice() {
        send(Script.of(2, 0L, 0L), "twin", 0);
        assertThat(delivered).containsExactly("7:twin", "7:twin");
    }

    @Test
    void delayedCopyArrivesWhenItIsDueAndMayBeOvertaken() {
        send(Script.of(1, 100L), "late", 1000);
        send(Script.of(1, 50L), "less", 1000);
        send(Script.of(1, 0L), "now", 1000);
        assertThat(line.heldCount()).isEqualTo(2);
        assertThat(line.release(1049)).isZero();
        assertThat(line.release(1050)).isEqualTo(1);
        send(Script.of(1, 0L), "next", 1100);
        assertThat(delivered).containsExactly("7:now", "7:less", "7:late", "7:next");
    }

    @Test
    void copiesDueAtOnceKeepTheirOrderAlsoWhereTheClockWraps() {
        long nearWrap = Long.MAX_VALUE - 5;
        send(Script.of(1, 10L), "a", nearWrap);
        send(Script.of(1, 10L), "b", nearWrap);
        send(Script.of(1, 2L), "c", nearWrap);
        line.release(nearWrap + 10);
        assertThat(delivered).containsExactly("7:c", "7:a", "7:b");
    }

    @Test
    void fullLineLosesWhatComesNext() {
        for (int i = 0; i <= DelayLine.MAX_HELD; i++) {
            send(Script.of(1, 1L), "x", 0);
        }
        assertThat(line.heldCount()).isEqualTo(DelayLine.MAX_HELD);
    }
}
