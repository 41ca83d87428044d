package io.grape.raft.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import com.lmax.disruptor.Sequence;
import org.junit.jupiter.api.Test;

class ReadySlotsTest {
    private static final int SLOTS = 130;
    private static final int PUBLICATIONS = 100_000;

    @Test
    void aSlotIsTakenOnceAndWithItsNeighboursOfTheWord() {
        ReadySlots ready = new ReadySlots(SLOTS);
        assertThat(ready.wordCount()).isEqualTo(3);
        ready.add(0);
        ready.add(63);
        ready.add(63);
        ready.add(129);
        assertThat(ready.take(0)).isEqualTo(1L | 1L << 63);
        assertThat(ready.take(0)).isZero();
        assertThat(ready.take(1)).isZero();
        assertThat(ready.take(2)).isEqualTo(2L);
    }

    /** The taker looks only at slots whose bit it took, and must still see the last index of every one. */
    @Test
    void noPublishedIndexIsMissedByTheOtherThread() throws Exception {
        ReadySlots ready = new ReadySlots(SLOTS);
        Sequence[] published = new Sequence[SLOTS];
        long[] last = new long[SLOTS];
        for (int slot = 0; slot < SLOTS; slot++) {
            published[slot] = new Sequence(0);
        }
        for (int i = 1; i <= PUBLICATIONS; i++) {
            last[i % 7 * 19] = i;
        }
        Thread publisher = new Thread(() -> {
            for (int i = 1; i <= PUBLICATIONS; i++) {
                int slot = i % 7 * 19;
                published[slot].set(i);
                ready.add(slot);
            }
        });
        long[] seen = new long[SLOTS];
        publisher.start();
        boolean ended = false;
        while (!ended) {
            ended = !publisher.isAlive();
            for (int word = 0; word < ready.wordCount(); word++) {
                for (long bits = ready.take(word); bits != 0; bits &= bits - 1) {
                    int slot = word * Long.SIZE + Long.numberOfTrailingZeros(bits);
                    seen[slot] = published[slot].get();
                }
            }
            Thread.onSpinWait();
        }
        assertThat(seen).isEqualTo(last);
    }
}
