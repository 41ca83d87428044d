package io.grape.raft.pipeline;

import io.grape.codecs.HotPath;

/**
 * The journal writes whose force is awaited, oldest first: position, and for each group in it the (term, index) that it
 * makes durable.
 *
 * <p>Marks are counted, so that {@link #added()} names the last one and {@link #removed()} the last durable one: what
 * depends on a write can be ordered before its position is known, by the first mark that the write will have. All marks of
 * a write have its position and are covered together.
 *
 * <p>Thread: the pipeline.
 */
final class FlushMarks {
    /** The mark of a write in which no group's log grew. */
    static final int NO_SLOT = GroupTable.NO_SLOT;

    private final long[] positions;
    private final int[] slots;
    private final long[] terms;
    private final long[] indices;
    private final int mask;
    private long head;
    private long tail;

    /**
     * @param capacity marks; a power of two
     */
    FlushMarks(int capacity) {
        positions = new long[capacity];
        slots = new int[capacity];
        terms = new long[capacity];
        indices = new long[capacity];
        mask = capacity - 1;
    }

    /** Tells whether {@code count} more marks fit. */
    @HotPath
    boolean hasRoomFor(int count) {
        return tail - head + count <= positions.length;
    }

    @HotPath
    void add(long position, int slot, long term, long index) {
        int at = (int) tail & mask;
        positions[at] = position;
        slots[at] = slot;
        terms[at] = term;
        indices[at] = index;
        tail++;
    }

    /** Tells whether the oldest mark is covered by a durable position. */
    @HotPath
    boolean isCovered(long durablePosition) {
        return head < tail && positions[(int) head & mask] <= durablePosition;
    }

    /** Returns the slot of the group, or {@link #NO_SLOT}. */
    @HotPath
    int slot() {
        return slots[(int) head & mask];
    }

    @HotPath
    long term() {
        return terms[(int) head & mask];
    }

    @HotPath
    long index() {
        return indices[(int) head & mask];
    }

    /** Returns the number of marks ever added. */
    long added() {
        return tail;
    }

    /** Returns the number of marks that became durable. */
    long removed() {
        return head;
    }

    /** Forgets the oldest mark. */
    @HotPath
    void remove() {
        head++;
    }
}
