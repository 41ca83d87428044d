package io.grape.vectors.graph;

import io.grape.vectors.model.HotPath;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** Exact squared distance of two padded vectors; {@code bytes} is a multiple of 256. Stateless. */
final class GraphDistance {
    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    private static final int STEP = SPECIES.vectorByteSize();
    private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;

    private GraphDistance() {}

    @HotPath
    static float squared(MemorySegment a, long aOffset, MemorySegment b, long bOffset, int bytes) {
        FloatVector even = FloatVector.zero(SPECIES);
        FloatVector odd = FloatVector.zero(SPECIES);
        for (int i = 0; i < bytes; i += 2 * STEP) {
            FloatVector d0 = FloatVector.fromMemorySegment(SPECIES, a, aOffset + i, ORDER)
                    .sub(FloatVector.fromMemorySegment(SPECIES, b, bOffset + i, ORDER));
            FloatVector d1 = FloatVector.fromMemorySegment(SPECIES, a, aOffset + i + STEP, ORDER)
                    .sub(FloatVector.fromMemorySegment(SPECIES, b, bOffset + i + STEP, ORDER));
            even = d0.fma(d0, even);
            odd = d1.fma(d1, odd);
        }
        return even.add(odd).reduceLanes(VectorOperators.ADD);
    }
}
