package io.grape.vectors.kernel;

import io.grape.vectors.model.HotPath;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Kernels on {@code jdk.incubator.vector} at the machine's preferred width (128, 256 or 512 bits).
 *
 * <p>One accumulator for each of four rows: four independent chains hide the latency of the fused multiply-add, and the
 * query is loaded once for the four. Lanes are added in a fixed order, so a score does not depend on compilation. Each distance has a loop of its own, so that no call site sees two shapes.
 */
final class PanamaKernel implements DistanceKernel {
    private static final VectorSpecies<Float> SPECIES = LaneSum.SPECIES;
    private static final int STEP = SPECIES.vectorByteSize();
    private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;

    /** Width in bits, for the log. */
    static int bits() {
        return SPECIES.vectorBitSize();
    }

    @HotPath
    @Override
    public void dot(
            MemorySegment query, MemorySegment rows, long rowsOffset, int strideBytes, int rowCount, float[] out) {
        for (int row = 0; row < rowCount; row += ROWS_AT_A_TIME) {
            long row0 = rowsOffset + (long) row * strideBytes;
            long row1 = row0 + strideBytes;
            long row2 = row1 + strideBytes;
            long row3 = row2 + strideBytes;
            FloatVector sum0 = FloatVector.zero(SPECIES);
            FloatVector sum1 = FloatVector.zero(SPECIES);
            FloatVector sum2 = FloatVector.zero(SPECIES);
            FloatVector sum3 = FloatVector.zero(SPECIES);
            for (int i = 0; i < strideBytes; i += STEP) {
                FloatVector q = FloatVector.fromMemorySegment(SPECIES, query, i, ORDER);
                sum0 = FloatVector.fromMemorySegment(SPECIES, rows, row0 + i, ORDER)
                        .fma(q, sum0);
                sum1 = FloatVector.fromMemorySegment(SPECIES, rows, row1 + i, ORDER)
                        .fma(q, sum1);
                sum2 = FloatVector.fromMemorySegment(SPECIES, rows, row2 + i, ORDER)
                        .fma(q, sum2);
                sum3 = FloatVector.fromMemorySegment(SPECIES, rows, row3 + i, ORDER)
                        .fma(q, sum3);
            }
            out[row] = LaneSum.of(sum0);
            out[row + 1] = LaneSum.of(sum1);
            out[row + 2] = LaneSum.of(sum2);
            out[row + 3] = LaneSum.of(sum3);
        }
    }

    @HotPath
    @Override
    public void squaredDistance(
            MemorySegment query, MemorySegment rows, long rowsOffset, int strideBytes, int rowCount, float[] out) {
        for (int row = 0; row < rowCount; row += ROWS_AT_A_TIME) {
            long row0 = rowsOffset + (long) row * strideBytes;
            long row1 = row0 + strideBytes;
            long row2 = row1 + strideBytes;
            long row3 = row2 + strideBytes;
            FloatVector sum0 = FloatVector.zero(SPECIES);
            FloatVector sum1 = FloatVector.zero(SPECIES);
            FloatVector sum2 = FloatVector.zero(SPECIES);
            FloatVector sum3 = FloatVector.zero(SPECIES);
            for (int i = 0; i < strideBytes; i += STEP) {
                FloatVector q = FloatVector.fromMemorySegment(SPECIES, query, i, ORDER);
                FloatVector d0 = FloatVector.fromMemorySegment(SPECIES, rows, row0 + i, ORDER)
                        .sub(q);
                FloatVector d1 = FloatVector.fromMemorySegment(SPECIES, rows, row1 + i, ORDER)
                        .sub(q);
                FloatVector d2 = FloatVector.fromMemorySegment(SPECIES, rows, row2 + i, ORDER)
                        .sub(q);
                FloatVector d3 = FloatVector.fromMemorySegment(SPECIES, rows, row3 + i, ORDER)
                        .sub(q);
                sum0 = d0.fma(d0, sum0);
                sum1 = d1.fma(d1, sum1);
                sum2 = d2.fma(d2, sum2);
                sum3 = d3.fma(d3, sum3);
            }
            out[row] = LaneSum.of(sum0);
            out[row + 1] = LaneSum.of(sum1);
            out[row + 2] = LaneSum.of(sum2);
            out[row + 3] = LaneSum.of(sum3);
        }
    }

    @HotPath
    @Override
    public float dot(MemorySegment query, MemorySegment rows, long rowOffset, int strideBytes) {
        FloatVector sum = FloatVector.zero(SPECIES);
        for (int i = 0; i < strideBytes; i += STEP) {
            FloatVector q = FloatVector.fromMemorySegment(SPECIES, query, i, ORDER);
            sum = FloatVector.fromMemorySegment(SPECIES, rows, rowOffset + i, ORDER)
                    .fma(q, sum);
        }
        return LaneSum.of(sum);
    }

    @HotPath
    @Override
    public float squaredDistance(MemorySegment query, MemorySegment rows, long rowOffset, int strideBytes) {
        FloatVector sum = FloatVector.zero(SPECIES);
        for (int i = 0; i < strideBytes; i += STEP) {
            FloatVector q = FloatVector.fromMemorySegment(SPECIES, query, i, ORDER);
            FloatVector difference = FloatVector.fromMemorySegment(SPECIES, rows, rowOffset + i, ORDER)
                    .sub(q);
            sum = difference.fma(difference, sum);
        }
        return LaneSum.of(sum);
    }
}
