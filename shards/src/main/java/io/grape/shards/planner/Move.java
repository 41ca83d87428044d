package io.grape.shards.planner;

/**
 * One replica moves.
 *
 * @param unit   shard or group
 * @param from   node id, or {@link io.grape.shards.table.Placement#VACANT} when a replica is added
 * @param to     node id
 * @param bytes  to be sent
 * @param reason why
 */
public record Move(int unit, int from, int to, long bytes, MoveReason reason) {}
