package io.grape.raft.pipeline;

import io.grape.codecs.HotPath;
import java.util.Arrays;

/**
 * Says which groups have something due, without a look at those that have not: a hashed timing wheel (Varghese and Lauck
 * 1987, scheme 6) of one bucket a tick, its lists threaded through arrays by slot.
 *
 * <p>A slot is in at most one bucket. What is due later than the wheel reaches is put as far as it reaches; so is what was
 * put off after it was scheduled, because moving it would cost more than looking at it once: who is told of a slot too
 * early schedules it again. Nothing is ever told too late by more than a tick. Thread: the pipeline. Allocates nothing
 * after construction.
 */
final class TickWheel {
    private static final int BUCKETS = 1024;
    private static final int MASK = BUCKETS - 1;
    private static final int NONE = -1;
    private static final long UNSCHEDULED = -1;

    private final long originNs;
    private final long tickIntervalNs;
    private final int[] heads = new int[BUCKETS];
    private final int[] next;
    private final int[] previous;
    private final long[] ticks;
    private long currentTick;

    /**
     * @param slots          number of slots
     * @param tickIntervalNs resolution
     * @param nowNs          injected monotonic clock
     */
    TickWheel(int slots, long tickIntervalNs, long nowNs) {
        this.originNs = nowNs;
        this.tickIntervalNs = tickIntervalNs;
        this.next = new int[slots];
        this.previous = new int[slots];
        this.ticks = new long[slots];
        Arrays.fill(heads, NONE);
        Arrays.fill(ticks, UNSCHEDULED);
    }

    /**
     * Makes sure that a slot is told of at its time or before.
     *
     * @param dueNs when; {@link Long#MAX_VALUE} for never
     */
    @HotPath
    void schedule(int slot, long dueNs) {
        if (dueNs == Long.MAX_VALUE) {
            return;
        }
        long wanted = dueNs <= originNs ? 0 : (dueNs - originNs + tickIntervalNs - 1) / tickIntervalNs;
        long tick = Math.min(Math.max(wanted, currentTick + 1), currentTick + BUCKETS);
        long scheduled = ticks[slot];
        if (scheduled != UNSCHEDULED) {
            if (scheduled <= tick) {
                return;
            }
            unlink(slot);
        }
        link(slot, tick);
    }

    /** Takes out every slot whose tick has come. */
    @HotPath
    void advance(long nowNs, SlotSet due) {
        long target = (nowNs - originNs) / tickIntervalNs;
        // After a pause longer than a turn of the wheel every bucket is looked at once.
        long tick = Math.max(currentTick, target - BUCKETS);
        while (tick < target) {
            tick++;
            drain((int) tick & MASK, due);
        }
        currentTick = tick;
    }

    @HotPath
    private void drain(int bucket, SlotSet due) {
        int slot = heads[bucket];
        heads[bucket] = NONE;
        while (slot != NONE) {
            ticks[slot] = UNSCHEDULED;
            due.add(slot);
            slot = next[slot];
        }
    }

    @HotPath
    private void link(int slot, long tick) {
        int bucket = (int) tick & MASK;
        int head = heads[bucket];
        next[slot] = head;
        previous[slot] = NONE;
        if (head != NONE) {
            previous[head] = slot;
        }
        heads[bucket] = slot;
        ticks[slot] = tick;
    }

    @HotPath
    private void unlink(int slot) {
        int before = previous[slot];
        int after = next[slot];
        if (before == NONE) {
            heads[(int) ticks[slot] & MASK] = after;
        } else {
            next[before] = after;
        }
        if (after != NONE) {
            previous[after] = before;
        }
        ticks[slot] = UNSCHEDULED;
    }
}
