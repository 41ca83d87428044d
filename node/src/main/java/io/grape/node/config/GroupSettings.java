package io.grape.node.config;

import io.grape.codecs.GrapeException;
import io.grape.shards.ShardTable;

/**
 * How a cluster's points are divided; fixed when it is formed, and equal on all of its nodes.
 *
 * @param shards number of shards, a power of two
 * @param groups number of data groups, or {@link #ONE_A_MEMBER}
 */
public record GroupSettings(int shards, int groups) {
    /** As many groups as the cluster has members when it is formed. */
    public static final int ONE_A_MEMBER = 0;

    /** Checks the values. */
    public GroupSettings {
        try {
            ShardTable.requireShardCount(shards);
        } catch (GrapeException ex) {
            throw NodeConfig.invalid("cluster.shards: " + ex.getMessage());
        }
        if (groups < 0 || groups > shards) {
            throw NodeConfig.invalid(
                    "cluster.groups: " + groups + " is not within 1 to the number of shards, " + shards);
        }
    }

    /** Returns 1024 shards and a group for each member. */
    public static GroupSettings defaults() {
        return new GroupSettings(ShardTable.DEFAULT_SHARD_COUNT, ONE_A_MEMBER);
    }
}
