/** The vector sets of the comparison as plain files that a contender of any language can map, with their true neighbours. */
@NullMarked
package io.grape.benchmarks.vectors.data;

import org.jspecify.annotations.NullMarked;
