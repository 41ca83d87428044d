package io.grape.node.groups;

import io.grape.codecs.HotPath;
import io.grape.codecs.sbe.ErrorCode;
import io.grape.node.state.GroupCommands;
import io.grape.shards.ShardCover;
import io.grape.shards.ShardHash;
import io.grape.shards.ShardTable;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.agrona.DirectBuffer;

/**
 * The shards that a data group owns, by its own log: what its writes are judged by.
 *
 * <pre>
 * State v1, little-endian
 * offset  size  field       meaning
 *      0     4  version     1
 *      4     4  shardCount  power of two
 *      8   8*w  owned       one bit a shard, w = shardCount / 64 rounded up
 *      +   8*S  epochs      of each shard, as the group knows it
 * </pre>
 *
 * <p>Thread: the apply agent's writes; any reads. A change is a new snapshot behind one volatile write.
 */
public final class OwnedShards implements GroupCommands {
    private static final int VERSION = 1;

    private final int shardBits;
    private volatile Snapshot snapshot;

    /** Never written after it is published. */
    private static final class Snapshot {
        private final long[] owned;
        private final long[] epochs;
        private final ShardCover cover;

        Snapshot(long[] owned, long[] epochs) {
            this.owned = owned;
            this.epochs = epochs;
            ShardCover all = ShardCover.NONE;
            for (int shard = 0; shard < epochs.length; shard++) {
                if ((owned[shard >> 6] & 1L << shard) != 0) {
                    all = all.with(shard);
                }
            }
            this.cover = all;
        }
    }

    /** Begins with the shards that a table gives to a group. */
    public OwnedShards(int groupId, ShardTable first) {
        int shardCount = first.shardCount();
        shardBits = Integer.numberOfTrailingZeros(shardCount);
        long[] owned = new long[words(shardCount)];
        long[] epochs = new long[shardCount];
        for (int shard = 0; shard < shardCount; shard++) {
            epochs[shard] = first.shardEpoch(shard);
            if (first.groupOf(shard) == groupId) {
                owned[shard >> 6] |= 1L << shard;
            }
        }
        snapshot = new Snapshot(owned, epochs);
    }

    private static int words(int shardCount) {
        return (shardCount + Long.SIZE - 1) / Long.SIZE;
    }

    /** Returns the number of shards of the cluster. */
    public int shardCount() {
        return 1 << shardBits;
    }

    /** Returns the shard of a point. */
    @HotPath
    public int shardOf(int collectionId, long idMost, long idLeast) {
        return ShardHash.shardOf(ShardHash.hash(collectionId, idMost, idLeast), shardBits);
    }

    /** Returns whether the group owns a shard. */
    @HotPath
    public boolean owns(int shard) {
        return (snapshot.owned[shard >> 6] & 1L << shard) != 0;
    }

    /** Returns the epoch of a shard as the group knows it. */
    public long epoch(int shard) {
        return snapshot.epochs[shard];
    }

    /** Returns the shards that the group owns: what its part of a search covers. */
    @HotPath
    public ShardCover cover() {
        return snapshot.cover;
    }

    @Override
    @HotPath
    public ErrorCode judge(int collectionId, long idMost, long idLeast) {
        return owns(shardOf(collectionId, idMost, idLeast)) ? ErrorCode.OK : ErrorCode.NOT_OWNER;
    }

    @Override
    public boolean apply(int templateId, long index, DirectBuffer payload, int offset, int length) {
        return false;
    }

    @Override
    public byte[] save() {
        Snapshot saved = snapshot;
        ByteBuffer out = ByteBuffer.allocate(
                        2 * Integer.BYTES + (saved.owned.length + saved.epochs.length) * Long.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN);
        out.putInt(VERSION).putInt(shardCount());
        for (long word : saved.owned) {
            out.putLong(word);
        }
        for (long epoch : saved.epochs) {
            out.putLong(epoch);
        }
        return out.array();
    }

    @Override
    public void load(byte[] state) {
        ByteBuffer in = ByteBuffer.wrap(state).order(ByteOrder.LITTLE_ENDIAN);
        int version = in.getInt();
        int shardCount = in.getInt();
        if (version != VERSION || shardCount != shardCount()) {
            throw new IllegalArgumentException("owned shards of version " + version + " of " + shardCount
                    + " shards cannot be loaded into version " + VERSION + " of " + shardCount());
        }
        long[] owned = new long[words(shardCount)];
        long[] epochs = new long[shardCount];
        Arrays.setAll(owned, word -> in.getLong());
        Arrays.setAll(epochs, shard -> in.getLong());
        snapshot = new Snapshot(owned, epochs);
    }

    @Override
    public long hash() {
        Snapshot hashed = snapshot;
        return Arrays.hashCode(hashed.owned) * 31L + Arrays.hashCode(hashed.epochs);
    }
}
