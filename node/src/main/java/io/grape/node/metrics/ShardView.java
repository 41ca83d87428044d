package io.grape.node.metrics;

import io.grape.shards.ShardTable;
import io.grape.shards.health.ShardHealth;
import java.util.List;

/**
 * What metrics and pages may know of shards on this node. Whoever owns the figures implements it; any thread. What a node
 * does not know yet is empty, and then neither metrics nor pages claim anything about it.
 */
public interface ShardView {
    /** Returns the newest table known here. */
    ShardTable table();

    /** Returns how a shard is, as known here. */
    ShardHealth health(int shard);

    /** Returns the busiest shards of this node by CPU time, busiest first; empty while nothing is measured. */
    default List<ShardLoad> busiest(int most) {
        return List.of();
    }

    /** Returns the migrations that this node knows of, newest first. */
    default List<Migration> migrations() {
        return List.of();
    }

    /**
     * What a shard of this node has to do, over the last ten seconds or so.
     *
     * @param shard     number of the shard
     * @param groupId   group that owns it
     * @param readsPerS reads a second
     * @param writesPerS writes a second
     * @param bytesPerS bytes written a second
     * @param cpuNsPerS CPU time, nanoseconds a second
     */
    record ShardLoad(int shard, int groupId, double readsPerS, double writesPerS, double bytesPerS, double cpuNsPerS) {}

    /**
     * A hand-off of a shard.
     *
     * @param id          of the migration
     * @param shard       that moves
     * @param source      group that owned it when it began
     * @param destination group that it goes to
     * @param phase       how far it is
     * @param outcome     {@code running}, {@code committed} or {@code aborted}
     * @param bytes       copied so far
     * @param sealedNs    for how long writes to the shard waited
     */
    record Migration(
            long id, int shard, int source, int destination, String phase, String outcome, long bytes, long sealedNs) {}
}
