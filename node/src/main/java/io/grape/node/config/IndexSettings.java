package io.grape.node.config;

import io.grape.vectors.collection.IndexConfig;
import io.grape.vectors.graph.GraphConfig;

/**
 * Graphs of the collections. Nodes of a cluster may differ in it.
 *
 * @param enabled    whether there are any; without one every search is exact
 * @param minRows    rows of a collection from which it has a graph
 * @param maxTailMib MiB of vectors that may wait to be linked; beyond them the leader asks writers to wait
 */
public record IndexSettings(boolean enabled, int minRows, int maxTailMib) {
    /** Checks the values. */
    public IndexSettings {
        if (minRows < 1 || maxTailMib < 1) {
            throw NodeConfig.invalid("index.min-rows and index.max-tail-mib must be at least 1");
        }
    }

    /** Returns a graph from 2,000 rows on and a tail of 256 MiB. */
    public static IndexSettings defaults() {
        return new IndexSettings(true, IndexConfig.DEFAULT_MIN_ROWS, (int) (IndexConfig.DEFAULT_MAX_TAIL_BYTES >> 20));
    }

    /** Returns the same for a collection. */
    public IndexConfig forDimension(int dimension) {
        return new IndexConfig(enabled, minRows, (long) maxTailMib << 20, GraphConfig.of(dimension));
    }
}
