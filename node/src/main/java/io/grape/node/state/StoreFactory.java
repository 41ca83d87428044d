package io.grape.node.state;

import io.grape.codecs.sbe.Metric;

/** Makes the store of a new collection. Thread: the apply agent's; must not take long. */
@FunctionalInterface
public interface StoreFactory {
    /** Makes an empty store. */
    CollectionStore create(int collectionId, int dimension, Metric metric);
}
