package io.grape.raft.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TickWheelTest {
    private static final long TICK = 1_000;

    @Test
    void tellsOfASlotWithinATickOfItsTimeAndNotBefore() {
        TickWheel wheel = new TickWheel(2, TICK, 50);
        wheel.schedule(0, 50 + 10 * TICK - 1);
        wheel.schedule(1, Long.MAX_VALUE);
        SlotSet due = new SlotSet(2);
        wheel.advance(50 + 10 * TICK - 1, due);
        assertThat(due.count()).isZero();
        wheel.advance(50 + 10 * TICK, due);
        assertThat(due.count()).isEqualTo(1);
        assertThat(due.get(0)).isZero();
    }

    @Test
    void whatIsDueAlreadyComesWithTheNextTick() {
        TickWheel wheel = new TickWheel(1, TICK, -7_000_000);
        wheel.schedule(0, Long.MIN_VALUE);
        SlotSet due = new SlotSet(1);
        wheel.advance(-7_000_000 + TICK - 1, due);
        assertThat(due.count()).isZero();
        wheel.advance(-7_000_000 + TICK, due);
        assertThat(due.count()).isEqualTo(1);
    }

    @Test
    void anEarlierTimeReplacesALaterOne() {
        TickWheel wheel = new TickWheel(3, TICK, 0);
        wheel.schedule(0, 100 * TICK);
        wheel.schedule(1, 100 * TICK);
        wheel.schedule(2, 100 * TICK);
        wheel.schedule(1, 5 * TICK);
        SlotSet due = new SlotSet(3);
        wheel.advance(99 * TICK, due);
        assertThat(due.count()).isEqualTo(1);
        assertThat(due.get(0)).isEqualTo(1);
        wheel.advance(100 * TICK, due);
        assertThat(due.count()).isEqualTo(3);
    }

    /** Against a model: whoever schedules again when told too early is told exactly when its time has come. */
    @Test
    void noSlotIsEverForgottenWhateverTheOrderAndThePauses() {
        for (int seed = 0; seed < 20; seed++) {
            Random random = new Random(seed);
            int slots = 1 + random.nextInt(200);
            long nowNs = random.nextLong(1L << 40);
            TickWheel wheel = new TickWheel(slots, TICK, nowNs);
            long[] dueNs = new long[slots];
            Arrays.fill(dueNs, Long.MAX_VALUE);
            SlotSet due = new SlotSet(slots);
            for (int step = 0; step < 2_000; step++) {
                for (int i = random.nextInt(4); i > 0; i--) {
                    int slot = random.nextInt(slots);
                    dueNs[slot] = nowNs + random.nextLong(random.nextInt(20) == 0 ? 3_000 * TICK : 50 * TICK);
                    wheel.schedule(slot, dueNs[slot]);
                }
                nowNs += random.nextInt(100) == 0 ? random.nextLong(2_500 * TICK) : random.nextLong(3 * TICK);
                wheel.advance(nowNs, due);
                for (int i = 0; i < due.count(); i++) {
                    int slot = due.get(i);
                    if (dueNs[slot] <= nowNs) {
                        dueNs[slot] = Long.MAX_VALUE;
                    }
                    wheel.schedule(slot, dueNs[slot]);
                }
                due.clear();
                for (int slot = 0; slot < slots; slot++) {
                    assertThat(dueNs[slot])
                            .as("seed %d, step %d, slot %d at %d", seed, step, slot, nowNs)
                            .isGreaterThan(nowNs - TICK);
                }
            }
        }
    }
}
