/**
 * What a benchmark leaves behind: a table for people, a JSON file for programs, and the machine that it ran on.
 *
 * <p>One thread. Knows nothing of what is measured.
 */
@NullMarked
package io.grape.benchmarks.report;

import org.jspecify.annotations.NullMarked;
