package io.grape.vectors.kernel;

import io.grape.vectors.model.HotPath;
import java.lang.foreign.MemorySegment;

/**
 * {@link LaneKernel} while {@link Kernels} says that the other one is not compiled yet, then {@link PanamaKernel}. Both give
 * the same bits, so nobody sees the change. Owned by one thread.
 */
final class StartingKernel implements DistanceKernel {
    private final DistanceKernel before = new LaneKernel();
    private final PanamaKernel after;

    StartingKernel(PanamaKernel after) {
        this.after = after;
    }

    @HotPath
    @Override
    public void dot(
            MemorySegment query, MemorySegment rows, long rowsOffset, int strideBytes, int rowCount, float[] out) {
        if (Kernels.isWarm()) {
            after.dot(query, rows, rowsOffset, strideBytes, rowCount, out);
        } else {
            before.dot(query, rows, rowsOffset, strideBytes, rowCount, out);
        }
    }

    @HotPath
    @Override
    public void squaredDistance(
            MemorySegment query, MemorySegment rows, long rowsOffset, int strideBytes, int rowCount, float[] out) {
        if (Kernels.isWarm()) {
            after.squaredDistance(query, rows, rowsOffset, strideBytes, rowCount, out);
        } else {
            before.squaredDistance(query, rows, rowsOffset, strideBytes, rowCount, out);
        }
    }

    @HotPath
    @Override
    public float dot(MemorySegment query, MemorySegment rows, long rowOffset, int strideBytes) {
        return Kernels.isWarm()
                ? after.dot(query, rows, rowOffset, strideBytes)
                : before.dot(query, rows, rowOffset, strideBytes);
    }

    @HotPath
    @Override
    public float squaredDistance(MemorySegment query, MemorySegment rows, long rowOffset, int strideBytes) {
        return Kernels.isWarm()
                ? after.squaredDistance(query, rows, rowOffset, strideBytes)
                : before.squaredDistance(query, rows, rowOffset, strideBytes);
    }
}
