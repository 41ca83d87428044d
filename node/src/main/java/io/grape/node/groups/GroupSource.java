package io.grape.node.groups;

import io.grape.node.handoff.ShardSource;
import io.grape.node.state.Catalog;
import io.grape.shards.handoff.group.ChangeConsumer;
import java.util.Map;

/** This node's replica of a group as the source of a hand-off. */
record GroupSource(HostedGroup group, OwnedShards shards) implements ShardSource {
    @Override
    public Catalog catalog() {
        return group.state().catalog();
    }

    @Override
    public void forEachChangeAfter(int shard, long index, ChangeConsumer consumer) {
        shards.forEachChangeAfter(shard, index, consumer);
    }

    @Override
    public Map<Long, byte[]> sealedClients(int shard) {
        return shards.sealedClients(shard);
    }
}
