/** The commands that the simulator adds to the program. */
@NullMarked
package io.grape.simulation.cli;

import org.jspecify.annotations.NullMarked;
