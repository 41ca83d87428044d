package io.grape.client;

/**
 * How many live points a collection has.
 *
 * @param points   their number
 * @param position the state that was counted
 */
public record CountResult(long points, Position position) {}
