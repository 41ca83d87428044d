package io.grape.raft.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class DurableOutboxTest {
    private final List<String> sent = new ArrayList<>();
    private final PeerSender recorder = (node, message, offset, length) -> {
        sent.add(node + ":" + message.getStringWithoutLengthAscii(offset, length));
        return true;
    };

    @Test
    void holdsAMessageUntilItsWriteIsDurable() {
        DurableOutbox outbox = new DurableOutbox(1024);
        hold(outbox, 1, 7, "vote");
        hold(outbox, 2, 8, "ack");

        assertThat(outbox.release(0, recorder)).isZero();
        assertThat(sent).isEmpty();
        assertThat(outbox.release(1, recorder)).isEqualTo(1);
        assertThat(sent).containsExactly("7:vote");
        assertThat(outbox.release(2, recorder)).isEqualTo(1);
        assertThat(sent).containsExactly("7:vote", "8:ack");
        assertThat(outbox.isEmpty()).isTrue();
    }

    @Test
    void neverReleasesAMessageBeforeOneThatWasHeldEarlier() {
        DurableOutbox outbox = new DurableOutbox(1024);
        hold(outbox, 5, 1, "first");
        hold(outbox, 4, 1, "second");

        outbox.release(4, recorder);
        assertThat(sent).isEmpty();
        outbox.release(5, recorder);
        assertThat(sent).containsExactly("1:first", "1:second");
    }

    @Test
    void refusesWhatDoesNotFitAndKeepsWhatItHolds() {
        DurableOutbox outbox = new DurableOutbox(64);
        assertThat(hold(outbox, 1, 1, "0123456789abcdef0123456789abcdef")).isTrue();
        assertThat(hold(outbox, 1, 1, "0123456789abcdef")).isFalse();

        outbox.release(1, recorder);
        assertThat(sent).containsExactly("1:0123456789abcdef0123456789abcdef");
    }

    @Test
    void keepsOrderAndBytesAcrossManyTurnsOfTheCircle() {
        DurableOutbox outbox = new DurableOutbox(256);
        Random random = new Random(42);
        List<String> expected = new ArrayList<>();
        for (int write = 1; write <= 2_000; write++) {
            String text = "m" + write + "x".repeat(random.nextInt(60));
            if (hold(outbox, write, write % 5, text)) {
                expected.add(write % 5 + ":" + text);
            }
            if (random.nextInt(3) == 0) {
                outbox.release(write, recorder);
            }
        }
        outbox.release(2_000, recorder);
        assertThat(expected).hasSizeGreaterThan(1_000);
        assertThat(sent).isEqualTo(expected);
    }

    private static boolean hold(DurableOutbox outbox, long write, int node, String text) {
        UnsafeBuffer buffer = new UnsafeBuffer(new byte[128]);
        int length = buffer.putStringWithoutLengthAscii(0, text);
        return outbox.hold(write, node, buffer, 0, length);
    }
}
