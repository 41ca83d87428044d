package io.grape.node.handoff;

import io.grape.node.state.Catalog;
import io.grape.node.state.Collection;
import io.grape.node.state.StoreReader;
import io.grape.shards.ShardHash;
import io.grape.shards.handoff.RowDigest;
import java.util.ArrayList;
import java.util.List;

/**
 * The rows of one shard in the stores of a group. Reads every row of every collection: there is no index by shard. Thread: the apply
 * agent's.
 */
public final class ShardRows {
    private final int shardBits;

    /** @param shardBits log2 of the number of shards */
    public ShardRows(int shardBits) {
        this.shardBits = shardBits;
    }

    /** Adds the rows of a shard to a digest. */
    public void digest(Catalog catalog, int shard, RowDigest into) {
        for (Collection collection : catalog.all()) {
            try (StoreReader reader = collection.store().newReader()) {
                int vectorBytes = collection.dimension() * Float.BYTES;
                while (next(collection, reader, shard)) {
                    into.row(collection.id(), reader.idMost(), reader.idLeast(), reader.version())
                            .bytes(reader.vector(), 0, vectorBytes)
                            .bytes(reader.payload(), 0, reader.payloadLength())
                            .add();
                }
            }
        }
    }

    /** Deletes the rows of a shard; readers that began before go on seeing them. */
    public void delete(Catalog catalog, int shard, long index) {
        for (Collection collection : catalog.all()) {
            List<long[]> ids = new ArrayList<>();
            try (StoreReader reader = collection.store().newReader()) {
                while (next(collection, reader, shard)) {
                    ids.add(new long[] {reader.idMost(), reader.idLeast()});
                }
            }
            ids.forEach(id -> collection.store().delete(id[0], id[1], index));
        }
    }

    private boolean next(Collection collection, StoreReader reader, int shard) {
        while (true) {
            switch (reader.next(Integer.MAX_VALUE)) {
                case END -> {
                    return false;
                }
                case PAUSE -> {}
                case POINT -> {
                    long hash = ShardHash.hash(collection.id(), reader.idMost(), reader.idLeast());
                    if (ShardHash.shardOf(hash, shardBits) == shard) {
                        return true;
                    }
                }
            }
        }
    }

    /** Returns whether a point is one of a shard. */
    boolean isOf(int shard, int collectionId, long idMost, long idLeast) {
        return ShardHash.shardOf(ShardHash.hash(collectionId, idMost, idLeast), shardBits) == shard;
    }
}
