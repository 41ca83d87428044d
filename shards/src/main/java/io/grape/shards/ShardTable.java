package io.grape.shards;

import io.grape.codecs.GrapeException;
import io.grape.codecs.HotPath;
import io.grape.codecs.sbe.ErrorCode;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;

/**
 * Which group owns each shard, at one epoch.
 *
 * <p>Immutable, so any thread may read it, and whoever holds one sees a single state of the cluster: a search pins one
 * table for all of its requests. A change makes a new table with a higher epoch. Beside the table's epoch each shard has
 * its own, which rises by one with each change of its owner: that is what a write is checked against, so that moving one
 * shard does not turn away the writes to all others.
 *
 * <p>Looking up allocates nothing and takes one array read after the hash.
 */
public final class ShardTable {
    /** Most shards that a cluster may be created with. */
    public static final int MAX_SHARD_COUNT = 16_384;

    /** Shards of a cluster that was not told otherwise. */
    public static final int DEFAULT_SHARD_COUNT = 1024;

    /** The epoch of a cluster's first table. */
    public static final long FIRST_EPOCH = 1;

    /** In place of a group where there is more than one. */
    public static final int SEVERAL_OWNERS = -1;

    private final long epoch;
    private final int shardBits;
    private final short[] shardToGroup;
    private final long[] shardEpochs;
    private final ShardGroup[] groups;
    private final short[] groupSlot;
    private final int soleOwner;

    /**
     * Copies its arguments.
     *
     * @param epoch        of the table
     * @param shardToGroup owner of each shard; the length is a power of two from 1 to {@link #MAX_SHARD_COUNT}
     * @param shardEpochs  epoch of each shard
     * @param groups       every group that owns a shard, and any that does not; in any order
     */
    public ShardTable(long epoch, short[] shardToGroup, long[] shardEpochs, Collection<ShardGroup> groups) {
        requireShardCount(shardToGroup.length);
        require(
                shardEpochs.length == shardToGroup.length,
                "the table has another number of shard epochs than of shards");
        require(epoch >= FIRST_EPOCH, "the table's epoch is below 1");
        this.epoch = epoch;
        this.shardBits = Integer.numberOfTrailingZeros(shardToGroup.length);
        this.shardToGroup = shardToGroup.clone();
        this.shardEpochs = shardEpochs.clone();
        this.groups = groups.toArray(ShardGroup[]::new);
        Arrays.sort(this.groups, (a, b) -> Integer.compare(a.groupId(), b.groupId()));
        this.groupSlot = slots(this.groups);
        for (int shard = 0; shard < shardToGroup.length; shard++) {
            require(slotOf(shardToGroup[shard]) >= 0, "a shard belongs to a group that the table does not name");
            require(shardEpochs[shard] >= FIRST_EPOCH, "a shard's epoch is below 1");
        }
        this.soleOwner = soleOwner(shardToGroup);
    }

    /** The first table of a cluster: one group owns every shard. */
    public static ShardTable of(int shardCount, ShardGroup group) {
        requireShardCount(shardCount);
        short[] owners = new short[shardCount];
        long[] epochs = new long[shardCount];
        Arrays.fill(owners, (short) group.groupId());
        Arrays.fill(epochs, FIRST_EPOCH);
        return new ShardTable(FIRST_EPOCH, owners, epochs, List.of(group));
    }

    /** Returns the table's epoch. */
    @HotPath
    public long epoch() {
        return epoch;
    }

    /** Returns the number of shards, a power of two. */
    @HotPath
    public int shardCount() {
        return shardToGroup.length;
    }

    /** Returns the shard of a point. */
    @HotPath
    public int shardOf(int collectionId, long idMost, long idLeast) {
        return ShardHash.shardOf(ShardHash.hash(collectionId, idMost, idLeast), shardBits);
    }

    /** Returns the group that owns a shard. */
    @HotPath
    public int groupOf(int shard) {
        return shardToGroup[shard];
    }

    /** Returns the group that owns every shard, or {@link #SEVERAL_OWNERS}. */
    @HotPath
    public int soleOwner() {
        return soleOwner;
    }

    private static int soleOwner(short[] owners) {
        for (short owner : owners) {
            if (owner != owners[0]) {
                return SEVERAL_OWNERS;
            }
        }
        return owners[0];
    }

    /** Returns the epoch of a shard: the number of its owners so far. */
    @HotPath
    public long shardEpoch(int shard) {
        return shardEpochs[shard];
    }

    /** Returns the leader of a group as far as known, or {@link ShardGroup#NO_LEADER}, also for a group not named here. */
    @HotPath
    public int leaderOf(int groupId) {
        int slot = slotOf(groupId);
        return slot < 0 ? ShardGroup.NO_LEADER : groups[slot].leaderNodeId();
    }

    /** Returns the number of groups that are named, with or without shards. */
    @HotPath
    public int groupCount() {
        return groups.length;
    }

    /** Returns the groups by ascending id. */
    public List<ShardGroup> groups() {
        return List.of(groups);
    }

    /** Returns the table after a shard has changed its owner: its epoch and the table's rise by one. */
    public ShardTable withOwner(int shard, int groupId) {
        require(slotOf(groupId) >= 0, "the new owner is not a group of the table");
        short[] owners = shardToGroup.clone();
        long[] epochs = shardEpochs.clone();
        owners[shard] = (short) groupId;
        epochs[shard]++;
        return new ShardTable(epoch + 1, owners, epochs, List.of(groups));
    }

    /** Returns the table after the groups or their members have changed: the owners stay, the epoch rises by one. */
    public ShardTable withGroups(Collection<ShardGroup> changed) {
        return new ShardTable(epoch + 1, shardToGroup, shardEpochs, changed);
    }

    /** Returns the table with another leader; leaders are hints, so the epoch stays. An unknown group changes nothing. */
    public ShardTable withLeader(int groupId, int nodeId) {
        int slot = slotOf(groupId);
        if (slot < 0 || groups[slot].leaderNodeId() == nodeId) {
            return this;
        }
        ShardGroup[] changed = groups.clone();
        changed[slot] = changed[slot].withLeader(nodeId);
        return new ShardTable(epoch, shardToGroup, shardEpochs, List.of(changed));
    }

    /** Refuses a number of shards that is not a power of two from 1 to {@link #MAX_SHARD_COUNT}. */
    public static void requireShardCount(int shardCount) {
        if (Integer.bitCount(shardCount) != 1 || shardCount < 1 || shardCount > MAX_SHARD_COUNT) {
            throw new GrapeException(
                    ErrorCode.INVALID_CONFIGURATION,
                    "the number of shards must be a power of two from 1 to " + MAX_SHARD_COUNT + ", not " + shardCount);
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ShardTable that
                && epoch == that.epoch
                && Arrays.equals(shardToGroup, that.shardToGroup)
                && Arrays.equals(shardEpochs, that.shardEpochs)
                && Arrays.equals(groups, that.groups);
    }

    @Override
    public int hashCode() {
        return 31 * Long.hashCode(epoch) + Arrays.hashCode(shardToGroup);
    }

    @Override
    public String toString() {
        return "ShardTable{epoch=" + epoch + ", shards=" + shardToGroup.length + ", groups=" + List.of(groups) + "}";
    }

    @HotPath
    private int slotOf(int groupId) {
        return groupId >= 0 && groupId < groupSlot.length ? groupSlot[groupId] : -1;
    }

    /** Maps group ids to places in the sorted groups; -1 where there is no group. */
    private static short[] slots(ShardGroup[] groups) {
        short[] slots = new short[groups.length == 0 ? 0 : groups[groups.length - 1].groupId() + 1];
        Arrays.fill(slots, (short) -1);
        for (int i = 0; i < groups.length; i++) {
            require(slots[groups[i].groupId()] < 0, "the table names a group twice");
            slots[groups[i].groupId()] = (short) i;
        }
        return slots;
    }

    private static void require(boolean condition, String refusal) {
        if (!condition) {
            throw new GrapeException(ErrorCode.MALFORMED_MESSAGE, refusal);
        }
    }
}
