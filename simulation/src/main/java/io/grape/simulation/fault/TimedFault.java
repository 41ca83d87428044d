package io.grape.simulation.fault;

/**
 * A fault and its moment.
 *
 * @param atMs  milliseconds from the start
 * @param fault what is done
 */
public record TimedFault(int atMs, Fault fault) {}
