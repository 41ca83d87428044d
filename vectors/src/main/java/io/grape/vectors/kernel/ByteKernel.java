package io.grape.vectors.kernel;

import java.lang.foreign.MemorySegment;

/**
 * Scores an int8 query against a run of int8 rows. Components are -127 to 127; -128 is not allowed, so that the sum of two
 * products fits 16 bits. Rows are padded with zeros to 64 bytes and lie {@code strideBytes} apart; both segments are off-heap.
 * Stateless; any thread. Results are exact: every implementation gives the same numbers.
 *
 * <p>Cosine is the product over the root of both squares; the squared Euclidean distance is both squares less twice the product.
 */
public interface ByteKernel {
    /** Rows scored by one turn of the loop; {@code rowCount} is a multiple of it. */
    int ROWS_AT_A_TIME = 4;

    /** Inner products. */
    void dot(MemorySegment query, MemorySegment rows, long rowsOffset, int strideBytes, int rowCount, int[] out);

    /** Inner products, and the products of the rows with themselves. */
    void dotAndSquares(
            MemorySegment query,
            MemorySegment rows,
            long rowsOffset,
            int strideBytes,
            int rowCount,
            int[] dots,
            int[] squares);
}
