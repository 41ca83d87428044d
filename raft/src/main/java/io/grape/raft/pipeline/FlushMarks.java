package io.grape.raft.pipeline;

import io.grape.codecs.HotPath;

/**
 * The journal writes whose force is awaited, oldest first: position, and the (term, index) it makes durable.
 *
 * <p>Writes are counted, so that {@link #added()} names the last one and {@link #removed()} the last durable one: what
 * depends on a write can be ordered before its position is known.
 *
 * <p>Thread: the pipeline.
 */
final class FlushMarks {
    private final long[] positions;
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
    void add(long position, long term, long index) {
        int at = (int) tail & mask;
        positions[at] = position;
        terms[at] = term;
        indices[at] = index;
        tail++;
    }

    /** Tells whether the oldest mark is covered by a durable position. */
    @HotPath
    boolean isCovered(long durablePosition) {
        return head < tail && positions[(int) head & mask] <= durablePosition;
    }

    @HotPath
    long term() {
        return terms[(int) head & mask];
    }

    @HotPath
    long index() {
        return indices[(int) head & mask];
    }

    /** Returns the number of writes ever noted. */
    long added() {
        return tail;
    }

    /** Returns the number of writes that became durable. */
    long removed() {
        return head;
    }

    /** Forgets the oldest mark. */
    @HotPath
    void remove() {
        head++;
    }
}
