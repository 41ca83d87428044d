package io.grape.shards.planner;

/**
 * Leadership of a unit passes between two nodes; it moves no data.
 *
 * @param unit shard or group
 * @param from node id
 * @param to   node id
 */
public record LeaderTransfer(int unit, int from, int to) {}
