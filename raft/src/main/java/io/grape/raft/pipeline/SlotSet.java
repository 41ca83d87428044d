package io.grape.raft.pipeline;

import io.grape.codecs.HotPath;

/**
 * Slots that something is to be done for, each once, in the order in which they were added.
 *
 * <p>Adding, testing and clearing cost nothing for the slots that are not in it. Thread: the pipeline. Allocates nothing
 * after construction.
 */
final class SlotSet {
    private final int[] slots;
    private final boolean[] held;
    private int count;

    /** @param capacity number of slots; each is below it */
    SlotSet(int capacity) {
        slots = new int[capacity];
        held = new boolean[capacity];
    }

    @HotPath
    void add(int slot) {
        if (!held[slot]) {
            held[slot] = true;
            slots[count++] = slot;
        }
    }

    @HotPath
    int count() {
        return count;
    }

    /** Returns the slot that was added as number {@code i}. */
    @HotPath
    int get(int i) {
        return slots[i];
    }

    @HotPath
    void clear() {
        for (int i = 0; i < count; i++) {
            held[slots[i]] = false;
        }
        count = 0;
    }
}
