package io.grape.vectors.model;

import java.nio.ByteOrder;
import org.agrona.DirectBuffer;

/**
 * Decides, before anything is logged or applied, whether a vector can be stored or searched for.
 *
 * <p>Allocates nothing; any thread. Replicas reach the same verdict, because it depends on the bytes alone.
 */
public final class VectorCheck {
    /**
     * Largest squared norm: with it no inner product and no squared distance of two accepted vectors can overflow a
     * float32 (Cauchy-Schwarz, and {@code |a-b|^2 <= 2|a|^2 + 2|b|^2}), so no score is ever NaN or infinite.
     */
    public static final double MAX_SQUARED_NORM = Float.MAX_VALUE / 8.0;

    /** Smallest squared norm under cosine: shorter vectors have no usable direction in float32. */
    public static final double MIN_SQUARED_NORM = 1e-60;

    private VectorCheck() {}

    /** What a check found. */
    public enum Verdict {
        /** The vector can be used. */
        OK,
        /** A component is NaN or infinite, or the squared norm is above {@link #MAX_SQUARED_NORM}. */
        NOT_FINITE,
        /** Under cosine: the vector is zero, or so short that it has no direction. */
        ZERO_VECTOR
    }

    /**
     * Checks {@code dimension} little-endian float32 values.
     *
     * @param buffer where the vector lies
     * @param offset first byte of the vector
     */
    @HotPath
    public static Verdict check(DirectBuffer buffer, int offset, int dimension, Metric metric) {
        return verdict(squaredNorm(buffer, offset, dimension), metric);
    }

    /** Squared norm in float64, summed in index order; not finite when a component is not. */
    @HotPath
    public static double squaredNorm(DirectBuffer buffer, int offset, int dimension) {
        double sum = 0;
        for (int i = 0; i < dimension; i++) {
            double component = buffer.getFloat(offset + (i << 2), ByteOrder.LITTLE_ENDIAN);
            sum += component * component;
        }
        return sum;
    }

    /** The verdict on a vector of this squared norm. */
    @HotPath
    public static Verdict verdict(double squaredNorm, Metric metric) {
        if (!(squaredNorm <= MAX_SQUARED_NORM)) {
            return Verdict.NOT_FINITE;
        }
        if (metric == Metric.COSINE && squaredNorm < MIN_SQUARED_NORM) {
            return Verdict.ZERO_VECTOR;
        }
        return Verdict.OK;
    }
}
