package io.grape.node.state;

import io.grape.codecs.sbe.Metric;

/**
 * What a collection is called and looks like, without its store.
 *
 * @param id        never used again, even after a drop
 * @param name      unique among the live ones
 * @param dimension components of each vector
 * @param metric    comparison
 */
public record CollectionShape(int id, String name, int dimension, Metric metric) {
    /** Returns the collection on a store. */
    Collection on(CollectionStore store) {
        return new Collection(id, name, dimension, metric, store);
    }

    /** Returns what a collection is called and looks like. */
    static CollectionShape of(Collection collection) {
        return new CollectionShape(collection.id(), collection.name(), collection.dimension(), collection.metric());
    }
}
