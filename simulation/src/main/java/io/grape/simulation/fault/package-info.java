/**
 * What goes wrong in a run, as data: a script is a list of timed faults, drawn from a seed, that can be printed, read back, and
 * made smaller. Knows no nodes.
 */
@NullMarked
package io.grape.simulation.fault;

import org.jspecify.annotations.NullMarked;
