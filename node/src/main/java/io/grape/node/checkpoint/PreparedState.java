package io.grape.node.checkpoint;

import io.grape.node.state.CollectionStore;
import java.util.Map;

/**
 * A snapshot that only needs to be swapped in.
 *
 * @param manifest with the directories as they lie here
 * @param stores   open, by collection id
 */
record PreparedState(CheckpointManifest manifest, Map<Integer, CollectionStore> stores) {
    void close() {
        stores.values().forEach(CollectionStore::close);
    }
}
