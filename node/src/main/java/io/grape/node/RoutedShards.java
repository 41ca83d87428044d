package io.grape.node;

import io.grape.node.metrics.ShardView;
import io.grape.raft.pipeline.GroupStatus;
import io.grape.shards.ShardRouter;
import io.grape.shards.ShardTable;
import io.grape.shards.health.ShardHealth;

/** What a node knows of shards while one group owns all of them: they are as well as the group is. Any thread. */
record RoutedShards(ShardRouter router, GroupStatus status) implements ShardView {
    @Override
    public ShardTable table() {
        return router.table();
    }

    @Override
    public ShardHealth health(int shard) {
        return status.leaderNodeId() < 0 ? ShardHealth.UNAVAILABLE : ShardHealth.OK;
    }
}
