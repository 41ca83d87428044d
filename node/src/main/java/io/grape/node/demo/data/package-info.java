/**
 * Files of labelled vectors: the layout, its reader and writer, and the converters that make them from published sets.
 *
 * <p>The demo and the benchmarks read these files; {@code grape convert} writes them. Every call is on the caller's
 * thread. Nothing here knows of clusters, clients or the network.
 */
@NullMarked
package io.grape.node.demo.data;

import org.jspecify.annotations.NullMarked;
