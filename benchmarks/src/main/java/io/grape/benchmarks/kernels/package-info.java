/**
 * Kernels beside a plain sequential read and beside C, at each vector width that the machine has.
 *
 * <p>Called by {@code grape bench kernels}, on the main thread. A width is fixed when a JVM starts, so each has a process of its own.
 */
@NullMarked
package io.grape.benchmarks.kernels;

import org.jspecify.annotations.NullMarked;
