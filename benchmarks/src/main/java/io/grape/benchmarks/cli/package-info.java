/** The commands that the benchmarks add to the program. */
@NullMarked
package io.grape.benchmarks.cli;

import org.jspecify.annotations.NullMarked;
