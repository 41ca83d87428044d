package io.grape.shards.table;

import io.grape.codecs.GrapeException;
import io.grape.codecs.sbe.ErrorCode;
import io.grape.shards.ShardGroup;
import io.grape.shards.ShardTable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The table that a cluster is formed with: the shards dealt out in turn to the data groups 1 to G, all of them on all nodes,
 * and group 0 without shards.
 *
 * <p>Who owns which shard is a function of S and G alone, so that every node derives the same without asking. Pure.
 */
public final class FirstTable {
    private FirstTable() {}

    /**
     * Makes the table.
     *
     * @param shardCount a power of two
     * @param groupCount data groups, 1 to the number of shards
     * @param members    nodes that hold every group
     */
    public static ShardTable of(int shardCount, int groupCount, List<Integer> members) {
        ShardTable.requireShardCount(shardCount);
        if (groupCount < 1 || groupCount > shardCount) {
            throw new GrapeException(
                    ErrorCode.INVALID_CONFIGURATION,
                    "the number of groups must be 1 to the number of shards, " + shardCount + ", not " + groupCount);
        }
        List<ShardGroup> groups = new ArrayList<>();
        for (int group = 0; group <= groupCount; group++) {
            groups.add(new ShardGroup(group, ShardGroup.NO_LEADER, members));
        }
        short[] owners = new short[shardCount];
        long[] epochs = new long[shardCount];
        for (int shard = 0; shard < shardCount; shard++) {
            owners[shard] = (short) (1 + shard % groupCount);
        }
        Arrays.fill(epochs, ShardTable.FIRST_EPOCH);
        return new ShardTable(ShardTable.FIRST_EPOCH, owners, epochs, groups);
    }
}
