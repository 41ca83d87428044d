package io.grape.benchmarks.micro;

import io.grape.codecs.HotPath;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * The plainest off-heap table from a 128-bit id to a row and a version: open addressing with linear probing, 32 bytes a
 * slot, no growth, no removal, one thread. What {@link IdMapBenchmark} measures the others by.
 *
 * <pre>
 * offset  size  field
 *      0     8  upper half of the id
 *      8     8  lower half
 *     16     8  row + 1; 0 while the slot is free
 *     24     8  version
 * </pre>
 */
final class FlatIdTable implements AutoCloseable {
    static final int SLOT_BYTES = 32;

    private static final long FACTOR = 0x9E37_79B9_7F4A_7C15L;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;

    private final Arena arena = Arena.ofShared();
    private final MemorySegment slots;
    private final long mask;

    /** @param entries at most; the table has room for twice as many, rounded up to a power of two */
    FlatIdTable(int entries) {
        long capacity = 2L * Integer.highestOneBit(Math.max(1, entries - 1)) * 2;
        mask = capacity - 1;
        slots = arena.allocate(capacity * SLOT_BYTES, 64);
    }

    @HotPath
    void put(long most, long least, long row, long version) {
        long at = find(most, least);
        slots.set(LONG, at, most);
        slots.set(LONG, at + 8, least);
        slots.set(LONG, at + 16, row + 1);
        slots.set(LONG, at + 24, version);
    }

    /** Returns the row of an id, or -1. */
    @HotPath
    long row(long most, long least) {
        return slots.get(LONG, find(most, least) + 16) - 1;
    }

    @HotPath
    private long find(long most, long least) {
        long mixed = (most * FACTOR ^ least) * FACTOR;
        long slot = (mixed ^ (mixed >>> 32)) & mask;
        for (; ; ) {
            long at = slot * SLOT_BYTES;
            boolean free = slots.get(LONG, at + 16) == 0;
            if (free || (slots.get(LONG, at + 8) == least && slots.get(LONG, at) == most)) {
                return at;
            }
            slot = (slot + 1) & mask;
        }
    }

    long bytes() {
        return slots.byteSize();
    }

    @Override
    public void close() {
        arena.close();
    }
}
