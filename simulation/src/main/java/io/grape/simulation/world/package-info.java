/**
 * The world that simulated nodes live in: clocks, a network and disks, all virtual and all seeded.
 *
 * <p>Knows bytes, names and times; never looks into a message or a file. One thread.
 */
@NullMarked
package io.grape.simulation.world;

import org.jspecify.annotations.NullMarked;
