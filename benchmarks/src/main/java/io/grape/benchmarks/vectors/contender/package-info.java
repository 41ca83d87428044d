/**
 * One contender in one process, driven by lines on its standard input.
 *
 * <p>Every driver, also those in C++ and JavaScript, is started with the same arguments: {@code build|serve}, base file, query
 * file, rows, queries, dimension, {@code angular|euclidean}, index directory, threads. A build ends with {@code @built wallNs
 * cpuNs}. A server says {@code @ready}; then each line {@code search BEAM} makes it ask all queries one after another, write
 * into {@code results.bin} ten row numbers a query and after them the nanoseconds of each, and say {@code @done wallNs
 * cpuNs}. It ends with its input. A process of its own for each contender keeps profiles, heaps and caches apart.
 */
@NullMarked
package io.grape.benchmarks.vectors.contender;

import org.jspecify.annotations.NullMarked;
