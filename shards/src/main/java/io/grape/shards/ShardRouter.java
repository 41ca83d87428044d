package io.grape.shards;

import io.grape.codecs.HotPath;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Holds the newest {@link ShardTable} that its process has heard of.
 *
 * <p>It is the routing cache of nodes and clients: one volatile read, then plain arrays. Any thread may read; any thread
 * may install, and a table is only ever replaced by one with a higher epoch, however replies overtake each other.
 *
 * <p>Whoever needs more than one fact about a point (shard, its epoch, its group) takes {@link #table()} once and asks
 * that, or the facts may be of two epochs.
 */
public final class ShardRouter {
    private static final VarHandle TABLE = tableHandle();

    private volatile ShardTable table;

    public ShardRouter(ShardTable first) {
        this.table = first;
    }

    /** Returns the newest table; acquire. */
    @HotPath
    public ShardTable table() {
        return table;
    }

    /** Returns the group that owns a point by the newest table. */
    @HotPath
    public int groupOf(int collectionId, long idMost, long idLeast) {
        ShardTable newest = table;
        return newest.groupOf(newest.shardOf(collectionId, idMost, idLeast));
    }

    /**
     * Installs a table unless the one held is as new.
     *
     * @return whether it was installed
     */
    public boolean install(ShardTable candidate) {
        ShardTable held;
        do {
            held = table;
            if (candidate.epoch() <= held.epoch()) {
                return false;
            }
        } while (!TABLE.compareAndSet(this, held, candidate));
        return true;
    }

    /** Remembers who leads a group: a hint, which changes no epoch and nothing else of the table. */
    public void noteLeader(int groupId, int nodeId) {
        ShardTable held;
        do {
            held = table;
            if (held.leaderOf(groupId) == nodeId) {
                return;
            }
        } while (!TABLE.compareAndSet(this, held, held.withLeader(groupId, nodeId)));
    }

    private static VarHandle tableHandle() {
        try {
            return MethodHandles.lookup().findVarHandle(ShardRouter.class, "table", ShardTable.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }
}
