/**
 * The journal beside the raw device: what a plain loop of write and force does on the same disk in the same run.
 *
 * <p>Called by {@code grape bench}, on the main thread.
 */
@NullMarked
package io.grape.benchmarks.journal;

import org.jspecify.annotations.NullMarked;
