package io.grape.vectors.kernel;

import io.grape.vectors.model.HotPath;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * What {@link PanamaKernel} computes, bit by bit, in loops over arrays: a sum for each lane of the vectors, folded as
 * {@link LaneSum} does.
 *
 * <p>It is for the time before the Vector API is compiled: these loops are a hundred times as fast when interpreted, and
 * compiled in a tenth of the time. Owned by one thread, because of its scratch.
 */
final class LaneKernel implements DistanceKernel {
    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final int LANES = LaneSum.SPECIES.length();

    private final float[] lanes = new float[LANES];
    private float[] queryFloats = {};
    private float[] rowFloats = {};

    @HotPath
    @Override
    public void dot(
            MemorySegment query, MemorySegment rows, long rowsOffset, int strideBytes, int rowCount, float[] out) {
        int floats = load(query, strideBytes);
        for (int row = 0; row < rowCount; row++) {
            out[row] = dotOf(rows, rowsOffset + (long) row * strideBytes, floats);
        }
    }

    @HotPath
    @Override
    public void squaredDistance(
            MemorySegment query, MemorySegment rows, long rowsOffset, int strideBytes, int rowCount, float[] out) {
        int floats = load(query, strideBytes);
        for (int row = 0; row < rowCount; row++) {
            out[row] = squaredDistanceOf(rows, rowsOffset + (long) row * strideBytes, floats);
        }
    }

    @HotPath
    @Override
    public float dot(MemorySegment query, MemorySegment rows, long rowOffset, int strideBytes) {
        return dotOf(rows, rowOffset, load(query, strideBytes));
    }

    @HotPath
    @Override
    public float squaredDistance(MemorySegment query, MemorySegment rows, long rowOffset, int strideBytes) {
        return squaredDistanceOf(rows, rowOffset, load(query, strideBytes));
    }

    @HotPath
    private float dotOf(MemorySegment rows, long offset, int floats) {
        float[] q = queryFloats;
        float[] r = rowFloats;
        float[] sums = lanes;
        MemorySegment.copy(rows, FLOAT, offset, r, 0, floats);
        Arrays.fill(sums, 0);
        for (int i = 0; i < floats; i += LANES) {
            for (int lane = 0; lane < LANES; lane++) {
                sums[lane] = Math.fma(r[i + lane], q[i + lane], sums[lane]);
            }
        }
        return fold(sums);
    }

    @HotPath
    private float squaredDistanceOf(MemorySegment rows, long offset, int floats) {
        float[] q = queryFloats;
        float[] r = rowFloats;
        float[] sums = lanes;
        MemorySegment.copy(rows, FLOAT, offset, r, 0, floats);
        Arrays.fill(sums, 0);
        for (int i = 0; i < floats; i += LANES) {
            for (int lane = 0; lane < LANES; lane++) {
                float difference = r[i + lane] - q[i + lane];
                sums[lane] = Math.fma(difference, difference, sums[lane]);
            }
        }
        return fold(sums);
    }

    @HotPath
    private static float fold(float[] sums) {
        for (int half = LANES / 2; half > 0; half /= 2) {
            for (int lane = 0; lane < half; lane++) {
                sums[lane] += sums[lane + half];
            }
        }
        return sums[0];
    }

    @HotPath
    private int load(MemorySegment query, int strideBytes) {
        int floats = strideBytes / Float.BYTES;
        if (queryFloats.length < floats) {
            grow(floats);
        }
        MemorySegment.copy(query, FLOAT, 0, queryFloats, 0, floats);
        return floats;
    }

    private void grow(int floats) {
        queryFloats = new float[floats];
        rowFloats = new float[floats];
    }
}
