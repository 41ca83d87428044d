package io.grape.vectors.kernel;

import io.grape.vectors.model.HotPath;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** The reference: one component after another. */
public final class ScalarByteKernel implements ByteKernel {
    @HotPath
    @Override
    public void dot(
            MemorySegment query, MemorySegment rows, long rowsOffset, int strideBytes, int rowCount, int[] out) {
        for (int row = 0; row < rowCount; row++) {
            out[row] = product(query, 0, rows, rowsOffset + (long) row * strideBytes, strideBytes);
        }
    }

    @HotPath
    @Override
    public void dotAndSquares(
            MemorySegment query,
            MemorySegment rows,
            long rowsOffset,
            int strideBytes,
            int rowCount,
            int[] dots,
            int[] squares) {
        dot(query, rows, rowsOffset, strideBytes, rowCount, dots);
        for (int row = 0; row < rowCount; row++) {
            long at = rowsOffset + (long) row * strideBytes;
            squares[row] = product(rows, at, rows, at, strideBytes);
        }
    }

    @HotPath
    private static int product(MemorySegment a, long aAt, MemorySegment b, long bAt, int bytes) {
        int sum = 0;
        for (int i = 0; i < bytes; i++) {
            sum += a.get(ValueLayout.JAVA_BYTE, aAt + i) * b.get(ValueLayout.JAVA_BYTE, bAt + i);
        }
        return sum;
    }
}
