package io.grape.vectors.graph;

import io.grape.vectors.model.HotPath;

/**
 * The space in which vectors are coded: rotated, with the mean of the first rows as its origin. Fixed when the first row
 * is linked, and kept with the graph, as every code depends on it. Immutable; any thread.
 */
final class QuerySpace {
    private final Rotation rotation;
    private final float[] centre;

    /** Takes the mean of some rows, not rotated. */
    QuerySpace(Rotation rotation, float[] centre) {
        this.rotation = rotation;
        this.centre = centre.clone();
        rotation.apply(this.centre);
    }

    /** Moves {@code vector}, padded with zeros, into this space, in place. */
    @HotPath
    void enter(float[] vector) {
        rotation.apply(vector);
        for (int i = 0; i < vector.length; i++) {
            vector[i] -= centre[i];
        }
    }
}
