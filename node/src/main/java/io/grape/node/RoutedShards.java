package io.grape.node;

import io.grape.node.groups.HostedGroup;
import io.grape.node.groups.HostedGroups;
import io.grape.node.metrics.ShardView;
import io.grape.shards.ShardTable;
import io.grape.shards.health.ShardHealth;

/** What a node knows of shards: the table of group 0, and whether the group that owns a shard has a leader. Any thread. */
record RoutedShards(HostedGroups groups) implements ShardView {
    @Override
    public ShardTable table() {
        return groups.router().table();
    }

    @Override
    public ShardHealth health(int shard) {
        HostedGroup owner = groups.get(table().groupOf(shard));
        boolean isLed = owner == null || owner.status().leaderNodeId() >= 0;
        return isLed ? ShardHealth.OK : ShardHealth.UNAVAILABLE;
    }
}
