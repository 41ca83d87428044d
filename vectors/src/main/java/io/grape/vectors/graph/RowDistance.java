package io.grape.vectors.graph;

import io.grape.vectors.model.HotPath;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Exact squared distance of two scaled rows; equal rows have exactly 0. Stateless. {@code reduceLanes} leaves the order
 * of the sum open: that is good enough to choose edges, and never becomes a score.
 */
final class RowDistance {
    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    private static final int STEP = SPECIES.vectorByteSize();
    private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;

    private RowDistance() {}

    @HotPath
    static float squared(RowVectors rows, int a, int b) {
        return squared(
                rows.memory(a),
                rows.offset(a),
                rows.scale(a),
                rows.memory(b),
                rows.offset(b),
                rows.scale(b),
                rows.strideBytes());
    }

    @HotPath
    private static float squared(
            MemorySegment a, long aAt, float aScale, MemorySegment b, long bAt, float bScale, int bytes) {
        FloatVector sum = FloatVector.zero(SPECIES);
        for (int i = 0; i < bytes; i += STEP) {
            FloatVector difference = FloatVector.fromMemorySegment(SPECIES, a, aAt + i, ORDER)
                    .mul(aScale)
                    .sub(FloatVector.fromMemorySegment(SPECIES, b, bAt + i, ORDER)
                            .mul(bScale));
            sum = difference.fma(difference, sum);
        }
        return sum.reduceLanes(VectorOperators.ADD);
    }
}
