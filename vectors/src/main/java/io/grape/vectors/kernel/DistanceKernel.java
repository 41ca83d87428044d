package io.grape.vectors.kernel;

import java.lang.foreign.MemorySegment;

/**
 * Scores a query against a run of float32 rows.
 *
 * <p>{@code query} holds {@code strideBytes} bytes from offset 0. Row {@code i} lies at {@code rowsOffset + i *
 * strideBytes}. {@code rowCount} is a multiple of {@link #ROWS_AT_A_TIME}; scores go to {@code out[0..rowCount)}. Both
 * segments must be off-heap: a heap-backed segment was measured 2.2 times slower.
 */
public interface DistanceKernel {
    /** Rows start at multiples of this, and are padded with zeros up to it. */
    int ROW_ALIGNMENT_BYTES = 64;

    /** Rows scored by one turn of the loop, so that the horizontal sums overlap. */
    int ROWS_AT_A_TIME = 4;

    /** Inner products. */
    void dot(MemorySegment query, MemorySegment rows, long rowsOffset, int strideBytes, int rowCount, float[] out);

    /** Squared Euclidean distances. */
    void squaredDistance(
            MemorySegment query, MemorySegment rows, long rowsOffset, int strideBytes, int rowCount, float[] out);

    /** Inner product of one row, bit by bit what {@link #dot(MemorySegment, MemorySegment, long, int, int, float[])} gives. */
    float dot(MemorySegment query, MemorySegment rows, long rowOffset, int strideBytes);

    /** Squared Euclidean distance of one row, bit by bit what the method for many gives. */
    float squaredDistance(MemorySegment query, MemorySegment rows, long rowOffset, int strideBytes);

    /** Bytes from one row to the next for vectors of this dimension. */
    static int strideBytes(int dimension) {
        int bytes = dimension * Float.BYTES;
        return (bytes + ROW_ALIGNMENT_BYTES - 1) & -ROW_ALIGNMENT_BYTES;
    }
}
