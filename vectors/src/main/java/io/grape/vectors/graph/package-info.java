/**
 * The graph index: for each point a list of up to 32 neighbours, and a 4-bit code by which searches estimate distances.
 *
 * <p>Sources: codes and estimator after extended RaBitQ (Gao et al., SIGMOD 2025), neighbour selection after HNSW and
 * DiskANN (Malkov and Yashunin 2018; Subramanya et al., NeurIPS 2019), repair after deletions after FreshDiskANN (Singh
 * et al. 2021). Linkers add nodes; any pinned reader searches meanwhile. Nothing here knows ids of points, versions or
 * payloads: nodes are row numbers of the store, and exact vectors are read from its rows.
 *
 * <table>
 * <caption>Other names for what is here</caption>
 * <tr><td>degree, 32</td><td>2M in HNSW, R in DiskANN</td></tr>
 * <tr><td>beam</td><td>ef, efSearch; L in DiskANN</td></tr>
 * <tr><td>build beam</td><td>efConstruction</td></tr>
 * <tr><td>sweep</td><td>consolidation in FreshDiskANN</td></tr>
 * </table>
 */
@NullMarked
package io.grape.vectors.graph;

import org.jspecify.annotations.NullMarked;
