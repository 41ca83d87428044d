/**
 * A store of points and its graph as one thing, and the builder that keeps graphs up with their stores.
 *
 * <p>{@link VectorCollection} is what an application embeds, and what the node holds for each collection; one {@link
 * IndexBuilder} thread serves all of them. Nothing here knows a network, a log or replication.
 */
@NullMarked
package io.grape.vectors.collection;

import org.jspecify.annotations.NullMarked;
