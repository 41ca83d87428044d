/**
 * The journal beside the raw device: what a plain loop of write and force does on the same disk in the same run.
 *
 * <p>Run by hand from the command line; nothing calls it.
 */
@NullMarked
package io.grape.benchmarks.journal;

import org.jspecify.annotations.NullMarked;
