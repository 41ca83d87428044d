/**
 * The graph index: one block a point with its neighbours' 1-bit codes beside the ids, so that one pass over a block
 * scores all neighbours.
 *
 * <p>Sources: quantized graph blocks after SymphonyQG (Gou et al., SIGMOD 2025), codes and estimator after RaBitQ (Gao
 * and Long, SIGMOD 2024), neighbour selection after DiskANN (Subramanya et al., NeurIPS 2019). One builder thread
 * inserts; any pinned reader searches meanwhile. Nothing here knows ids of points, versions or tombstones: nodes are row
 * numbers of the store.
 *
 * <table>
 * <caption>Other names for what is here</caption>
 * <tr><td>degree, 32</td><td>M or 2M in HNSW, R in DiskANN</td></tr>
 * <tr><td>beam</td><td>ef, efSearch; L in DiskANN</td></tr>
 * <tr><td>build beam</td><td>efConstruction</td></tr>
 * </table>
 */
@NullMarked
package io.grape.vectors.graph;

import org.jspecify.annotations.NullMarked;
