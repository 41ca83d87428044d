package io.grape.vectors.graph;

import io.grape.vectors.model.HotPath;
import java.util.SplittableRandom;

/**
 * A fixed random rotation, in O(D log D): rounds of random signs and a Walsh-Hadamard transform.
 *
 * <p>Where D is not a power of two, the transform covers the largest power of two below it, at the front in even rounds
 * and at the back in odd ones, so that every component mixes with every other. Orthogonal, so distances stay. After it
 * the components of any vector look alike, which is what codes of few bits need. Immutable; any thread; works in place.
 */
final class Rotation {
    private static final int ROUNDS = 4;

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

    @HotPath
    private void transform(float[] vector, int start) {
        for (int half = 1; half < power; half <<= 1) {
            for (int block = start; block < start + power; block += half << 1) {
                for (int i = block; i < block + half; i++) {
                    float a = vector[i];
                    float b = vector[i + half];
                    vector[i] = a + b;
                    vector[i + half] = a - b;
                }
            }
        }
        for (int i = start; i < start + power; i++) {
            vector[i] *= scale;
        }
    }
}
