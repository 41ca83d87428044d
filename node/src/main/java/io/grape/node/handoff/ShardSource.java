package io.grape.node.handoff;

import io.grape.node.state.Catalog;
import io.grape.shards.handoff.group.ChangeConsumer;
import java.util.Map;

/** A shard of a group that this node holds a replica of, as rounds of copying read it. Any thread. */
public interface ShardSource {
    /** Returns the collections. */
    Catalog catalog();

    /** Gives the points of the shard that have changed after an index. */
    void forEachChangeAfter(int shard, long index, ChangeConsumer consumer);

    /** Returns what was remembered of clients when the shard was sealed; nothing before. */
    Map<Long, byte[]> sealedClients(int shard);
}
