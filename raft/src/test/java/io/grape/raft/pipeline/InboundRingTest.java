package io.grape.raft.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class InboundRingTest {
    @Test
    void carriesKindIdsAndBodyOfEveryEvent() throws Exception {
        InboundRing ring = new InboundRing(8, 1024);
        UnsafeBuffer body = text("search");
        assertThat(ring.offerRaft(3, text("append"), 0, 6)).isTrue();
        assertThat(ring.offerProposal(3, 10, 11, text("upsert"), 0, 6)).isTrue();
        assertThat(ring.offerRead(3, 20, 21, Freshness.AT_LEAST_INDEX, 99, body, 0, 6))
                .isTrue();

        List<String> seen = new ArrayList<>();
        ring.poller().poll((slot, sequence, endOfBatch) -> {
            String text = ring.arena()
                    .buffer()
                    .getStringWithoutLengthAscii(ring.arena().offsetOf(slot.bodyPosition), slot.length);
            seen.add(slot.kind + " " + slot.groupId + " " + slot.sessionId + " " + slot.correlationId + " "
                    + slot.freshness + " " + slot.minIndex + " " + text);
            return true;
        });
        assertThat(seen).containsExactly("1 3 0 0 0 0 append", "2 3 10 11 0 0 upsert", "3 3 20 21 1 99 search");
    }

    @Test
    void aFullRingRefusesInsteadOfDropping() throws Exception {
        InboundRing ring = new InboundRing(2, 1024);
        assertThat(ring.offerRaft(0, text("a"), 0, 1)).isTrue();
        assertThat(ring.offerRaft(0, text("b"), 0, 1)).isTrue();
        assertThat(ring.offerRaft(0, text("c"), 0, 1)).isFalse();

        assertThat(drain(ring)).containsExactly("a", "b");
        assertThat(ring.offerRaft(0, text("c"), 0, 1)).isTrue();
        assertThat(drain(ring)).containsExactly("c");
    }

    @Test
    void aFullArenaRefusesAlthoughSlotsAreFree() throws Exception {
        InboundRing ring = new InboundRing(64, 64);
        UnsafeBuffer body = new UnsafeBuffer(new byte[16]);
        int taken = 0;
        while (ring.offerRaft(0, body, 0, 16)) {
            taken++;
        }
        assertThat(taken).isEqualTo(4);
        assertThat(drain(ring)).hasSize(4);
        assertThat(ring.offerRaft(0, body, 0, 16)).isTrue();
    }

    @Test
    void keepsEveryByteThroughManyTurns() throws Exception {
        InboundRing ring = new InboundRing(16, 512);
        Random random = new Random(7);
        List<String> sent = new ArrayList<>();
        List<String> received = new ArrayList<>();
        for (int i = 0; i < 5_000; i++) {
            String text = i + "-" + "y".repeat(random.nextInt(100));
            if (ring.offerRaft(0, text(text), 0, text.length())) {
                sent.add(text);
            } else {
                received.addAll(drain(ring));
            }
        }
        received.addAll(drain(ring));
        assertThat(sent).hasSizeGreaterThan(2_000);
        assertThat(received).isEqualTo(sent);
    }

    private static List<String> drain(InboundRing ring) throws Exception {
        List<String> texts = new ArrayList<>();
        long[] end = {0};
        ring.poller().poll((slot, sequence, endOfBatch) -> {
            texts.add(ring.arena()
                    .buffer()
                    .getStringWithoutLengthAscii(ring.arena().offsetOf(slot.bodyPosition), slot.length));
            end[0] = slot.arenaEnd;
            return true;
        });
        if (!texts.isEmpty()) {
            ring.arena().releaseBelow(end[0]);
        }
        return texts;
    }

    private static UnsafeBuffer text(String text) {
        UnsafeBuffer buffer = new UnsafeBuffer(new byte[Math.max(1, text.length())]);
        buffer.putStringWithoutLengthAscii(0, text);
        return buffer;
    }
}
