/**
 * What the install of a snapshot costs those who write meanwhile: three node processes, one of which comes back after its
 * entries are gone from the others' logs.
 */
@NullMarked
package io.grape.benchmarks.install;

import org.jspecify.annotations.NullMarked;
