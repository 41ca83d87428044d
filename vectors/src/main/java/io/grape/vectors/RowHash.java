package io.grape.vectors;

import io.grape.vectors.model.HotPath;
import io.grape.vectors.segment.Segment;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * Hash of one row: id, version and the vector's bytes. The store's hash is the sum over its live rows, so that order
 * does not matter and a row can be taken out again. Finalizer constants: SplitMix64 (Steele, Lea, Flood, OOPSLA 2014).
 */
final class RowHash {
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    private RowHash() {}

    /** Reads the row's padded vector eight bytes at a time; the padding is zero and the stride a multiple of 64. */
    @HotPath
    static long of(Segment segment, int row) {
        long hash = mix(segment.idMost(row) + GOLDEN);
        hash = mix(hash ^ segment.idLeast(row));
        hash = mix(hash ^ segment.version(row));
        MemorySegment memory = segment.memory();
        long at = segment.vectorOffset(row);
        long end = at + segment.layout().strideBytes();
        for (; at < end; at += Long.BYTES) {
            hash = Long.rotateLeft(hash ^ memory.get(LONG, at) * GOLDEN, 29) * 0xBF58476D1CE4E5B9L + GOLDEN;
        }
        return mix(hash);
    }

    private static long mix(long value) {
        long z = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
