package io.grape.vectors.graph;

import io.grape.vectors.model.HotPath;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Rounds the components of a query to whole steps.
 *
 * <p>Adding {@code 1.5 * 2^23} leaves a float no bits behind the point: its low bits are the number, rounded half to even. That is
 * the same one component at a time and many at once, so estimates do not depend on the machine's vectors. Stateless.
 */
final class QueryLevels {
    static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;

    private static final float MAGIC = 0x1.8p23f;
    private static final int MAGIC_BITS = Float.floatToRawIntBits(MAGIC);

    private QueryLevels() {}

    /**
     * Writes the levels and returns their sum.
     *
     * @param perStep one over the step; no level exceeds 2^21
     */
    @HotPath
    static int round(float[] query, float perStep, int[] levels) {
        int bound = SPECIES.loopBound(query.length);
        IntVector sums = IntVector.zero(IntVector.SPECIES_PREFERRED);
        for (int i = 0; i < bound; i += SPECIES.length()) {
            IntVector rounded = FloatVector.fromArray(SPECIES, query, i)
                    .mul(perStep)
                    .add(MAGIC)
                    .reinterpretAsInts()
                    .sub(MAGIC_BITS);
            rounded.intoArray(levels, i);
            sums = sums.add(rounded);
        }
        int sum = sums.reduceLanes(VectorOperators.ADD);
        for (int i = bound; i < query.length; i++) {
            levels[i] = Float.floatToRawIntBits(query[i] * perStep + MAGIC) - MAGIC_BITS;
            sum += levels[i];
        }
        return sum;
    }
}
