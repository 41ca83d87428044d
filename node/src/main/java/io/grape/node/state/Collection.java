package io.grape.node.state;

import io.grape.codecs.sbe.Metric;

/**
 * A named set of points with one shape, and the store that holds this replica's copy of it.
 *
 * @param id        never used again, even after a drop
 * @param name      unique among the live ones
 * @param dimension components of each vector
 * @param metric    comparison
 * @param store     the points
 */
public record Collection(int id, String name, int dimension, Metric metric, CollectionStore store) {
    /** Returns it under another name. */
    Collection named(String newName) {
        return new Collection(id, newName, dimension, metric, store);
    }
}
