/**
 * Our index beside Lucene, JVector, hnswlib and usearch: same vectors, same queries, taking turns.
 *
 * <p>Called by {@code grape bench vectors}, on the main thread. Knows of a contender only its process and its files.
 */
@NullMarked
package io.grape.benchmarks.vectors;

import org.jspecify.annotations.NullMarked;
