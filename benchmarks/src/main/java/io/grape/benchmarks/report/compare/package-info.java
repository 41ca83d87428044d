/**
 * Two runs of a benchmark beside each other: the ratio of each figure, with the noise of the rounds.
 *
 * <p>One thread. Reads what {@code Report} and JMH write.
 */
@NullMarked
package io.grape.benchmarks.report.compare;

import org.jspecify.annotations.NullMarked;
