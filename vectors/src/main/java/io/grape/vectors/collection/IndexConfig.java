package io.grape.vectors.collection;

import io.grape.vectors.graph.GraphConfig;
import io.grape.vectors.model.Reason;
import io.grape.vectors.model.VectorsException;

/**
 * When a collection has a graph, and how far its linking may lag.
 *
 * @param enabled whether there are graphs at all; without one every search is exact
 * @param minRows rows from which a graph is built: below, comparing them all is faster than going through a graph
 * @param maxTailBytes bytes of vectors that may wait to be linked, and are scanned by every search meanwhile; beyond them
 *     {@link VectorCollection#isTailFull} asks the writer to slow down
 * @param graph how graphs are built
 */
public record IndexConfig(boolean enabled, int minRows, long maxTailBytes, GraphConfig graph) {
    /** The usual number of rows from which a graph is built. */
    public static final int DEFAULT_MIN_ROWS = 2_000;

    /** The usual length of a tail: a scan of it takes some 25 ms at 10 GB/s. */
    public static final long DEFAULT_MAX_TAIL_BYTES = 256L << 20;

    public IndexConfig {
        if (minRows < 1 || maxTailBytes < 1) {
            throw new VectorsException(
                    Reason.INVALID_CONFIG, "minRows " + minRows + " or maxTailBytes " + maxTailBytes + " is below 1");
        }
    }

    /** The usual values for vectors of a dimension. */
    public static IndexConfig of(int dimension) {
        return new IndexConfig(true, DEFAULT_MIN_ROWS, DEFAULT_MAX_TAIL_BYTES, GraphConfig.of(dimension));
    }

    /** No graph. */
    public static IndexConfig none(int dimension) {
        return new IndexConfig(false, 1, 1, GraphConfig.of(dimension));
    }
}
