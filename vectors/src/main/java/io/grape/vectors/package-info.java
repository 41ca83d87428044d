/**
 * The vector store of a node: points with ids, versions and payloads in off-heap mapped files, and searches over them.
 *
 * <p>{@link io.grape.vectors.PointStore} is the entry. One thread, the node's apply handler, writes; any number of
 * threads read through {@link io.grape.vectors.Searcher} and {@link io.grape.vectors.PointReader} and never block it.
 * This module knows no network, no Raft and no other part of Grape.
 */
@NullMarked
package io.grape.vectors;

import org.jspecify.annotations.NullMarked;
