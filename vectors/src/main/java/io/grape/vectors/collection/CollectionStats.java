package io.grape.vectors.collection;

import io.grape.vectors.PointStoreStats;

/**
 * A collection in numbers, as of about now.
 *
 * @param points of the store
 * @param index what there is of a graph
 * @param indexedRows rows that searches find through the graph, dead ones included
 * @param tailRows rows that wait to be linked, and are scanned meanwhile; 0 where there is no graph to be
 * @param graphNodes nodes of the graph
 */
public record CollectionStats(
        PointStoreStats points, IndexState index, long indexedRows, long tailRows, long graphNodes) {}
