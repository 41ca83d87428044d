package io.grape.vectors.graph;

import io.grape.vectors.model.HotPath;
import java.util.SplittableRandom;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * A fixed random rotation, in O(D log D): rounds of random signs and a Walsh-Hadamard transform.
 *
 * <p>Where D is not a power of two, the transform covers the largest power of two below it, at the front in even rounds
 * and at the back in odd ones, so that every component mixes with every other. Orthogonal, so distances stay. After it
 * the components of any vector look alike, which is what codes of few bits need. Each sum is of the same two numbers whatever the
 * width of the machine's vectors, so codes are the same everywhere. Immutable; any thread; works in place.
 */
final class Rotation {
    private static final int ROUNDS = 4;
    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = SPECIES.length();
    private static final VectorShuffle<Float>[] PARTNERS = partners();
    private static final float[] SIDES = sides();

    private final int dimension;
    private final int power;
    private final float scale;
    private final float[] signs;

    Rotation(int dimension, long seed) {
        this.dimension = dimension;
        power = Integer.highestOneBit(dimension);
        scale = (float) (1 / Math.sqrt(power));
        signs = new float[ROUNDS * dimension];
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < signs.length; i++) {
            signs[i] = random.nextBoolean() ? 1 : -1;
        }
    }

    /** Rotates {@code vector[0..D)} in place. */
    @HotPath
    void apply(float[] vector) {
        for (int round = 0; round < ROUNDS; round++) {
            int first = round * dimension;
            for (int i = 0; i < dimension; i++) {
                vector[i] *= signs[first + i];
            }
            transform(vector, (round & 1) == 0 ? 0 : dimension - power);
        }
    }

    /** Sums and differences at growing distances: of vectors first, then of lanes within a vector, or one after another. */
    @HotPath
    private void transform(float[] vector, int start) {
        boolean inLanes = power >= LANES;
        int half = 1;
        for (int level = 0; inLanes && half < LANES; level++) {
            transformLanes(vector, start, level);
            half <<= 1;
        }
        for (; half < power; half <<= 1) {
            for (int block = start; block < start + power; block += half << 1) {
                if (inLanes) {
                    transformVectors(vector, block, half);
                } else {
                    transformBlock(vector, block, half);
                }
            }
        }
        for (int i = start; i < start + power; i++) {
            vector[i] *= scale;
        }
    }

    @HotPath
    private void transformLanes(float[] vector, int start, int level) {
        VectorShuffle<Float> partners = PARTNERS[level];
        FloatVector sides = FloatVector.fromArray(SPECIES, SIDES, level * LANES);
        for (int i = start; i < start + power; i += LANES) {
            FloatVector own = FloatVector.fromArray(SPECIES, vector, i);
            own.mul(sides).add(own.rearrange(partners)).intoArray(vector, i);
        }
    }

    @HotPath
    private static void transformVectors(float[] vector, int block, int half) {
        for (int i = block; i < block + half; i += LANES) {
            FloatVector a = FloatVector.fromArray(SPECIES, vector, i);
            FloatVector b = FloatVector.fromArray(SPECIES, vector, i + half);
            a.add(b).intoArray(vector, i);
            a.sub(b).intoArray(vector, i + half);
        }
    }

    @HotPath
    private static void transformBlock(float[] vector, int block, int half) {
        for (int i = block; i < block + half; i++) {
            float a = vector[i];
            float b = vector[i + half];
            vector[i] = a + b;
            vector[i + half] = a - b;
        }
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    private static VectorShuffle<Float>[] partners() {
        VectorShuffle<Float>[] partners = new VectorShuffle[Integer.numberOfTrailingZeros(LANES)];
        for (int level = 0; level < partners.length; level++) {
            int distance = 1 << level;
            partners[level] = VectorShuffle.fromOp(SPECIES, lane -> lane ^ distance);
        }
        return partners;
    }

    /** For each level one or minus one a lane: the second of two partners becomes their difference. */
    private static float[] sides() {
        float[] sides = new float[Integer.numberOfTrailingZeros(LANES) * LANES];
        for (int i = 0; i < sides.length; i++) {
            sides[i] = (((i % LANES) >>> (i / LANES)) & 1) == 0 ? 1 : -1;
        }
        return sides;
    }
}
