package io.grape.vectors.model;

/**
 * The shape that all vectors of a store have.
 *
 * @param dimension number of float32 components, 1..{@value #MAX_DIMENSION}
 * @param metric how vectors are compared
 */
public record VectorShape(int dimension, Metric metric) {
    /** Largest dimension a store accepts. */
    public static final int MAX_DIMENSION = 4096;

    public VectorShape {
        if (dimension < 1 || dimension > MAX_DIMENSION) {
            throw new VectorsException(
                    Reason.INVALID_SHAPE, "dimension " + dimension + " is not within 1.." + MAX_DIMENSION);
        }
        if (metric == null) {
            throw new VectorsException(Reason.INVALID_SHAPE, "a shape needs a metric");
        }
    }

    /** Bytes of one vector on the wire: {@code dimension} little-endian float32 values. */
    public int vectorBytes() {
        return dimension * Float.BYTES;
    }
}
