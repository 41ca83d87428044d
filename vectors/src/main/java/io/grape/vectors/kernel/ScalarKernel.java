package io.grape.vectors.kernel;

import io.grape.vectors.model.HotPath;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** The reference: one component after another, in float32. Used where the Vector API is missing, and by the tests. */
public final class ScalarKernel implements DistanceKernel {
    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT.withOrder(ByteOrder.LITTLE_ENDIAN);

    @HotPath
    @Override
    public void dot(
            MemorySegment query, MemorySegment rows, long rowsOffset, int strideBytes, int rowCount, float[] out) {
        for (int row = 0; row < rowCount; row++) {
            long offset = rowsOffset + (long) row * strideBytes;
            out[row] = dot(query, rows, offset, strideBytes);
        }
    }

    @HotPath
    @Override
    public void squaredDistance(
            MemorySegment query, MemorySegment rows, long rowsOffset, int strideBytes, int rowCount, float[] out) {
        for (int row = 0; row < rowCount; row++) {
            long offset = rowsOffset + (long) row * strideBytes;
            out[row] = squaredDistance(query, rows, offset, strideBytes);
        }
    }

    @HotPath
    @Override
    public float dot(MemorySegment query, MemorySegment rows, long rowOffset, int strideBytes) {
        float sum = 0;
        for (int i = 0; i < strideBytes; i += Float.BYTES) {
            sum += query.get(FLOAT, i) * rows.get(FLOAT, rowOffset + i);
        }
        return sum;
    }

    @HotPath
    @Override
    public float squaredDistance(MemorySegment query, MemorySegment rows, long rowOffset, int strideBytes) {
        float sum = 0;
        for (int i = 0; i < strideBytes; i += Float.BYTES) {
            float difference = query.get(FLOAT, i) - rows.get(FLOAT, rowOffset + i);
            sum += difference * difference;
        }
        return sum;
    }
}
