package io.grape.shards;

/**
 * A set of shards as two numbers that add up: how many, and an order-free hash.
 *
 * <p>Whoever asks several groups for their part compares each part with the table by which it asked: when all of them are
 * equal, the parts are disjoint and complete, because they are so in the table. Immutable; any thread.
 *
 * @param count number of shards
 * @param hash  sum of a hash of each
 */
public record ShardCover(int count, long hash) {
    /** No shard. */
    public static final ShardCover NONE = new ShardCover(0, 0);

    /** Returns the cover with one more shard, which must not be in it. */
    public ShardCover with(int shard) {
        return new ShardCover(count + 1, hash + hashOf(shard));
    }

    /** Returns the shards of a group by a table. */
    public static ShardCover of(ShardTable table, int groupId) {
        int count = 0;
        long hash = 0;
        for (int shard = 0; shard < table.shardCount(); shard++) {
            if (table.groupOf(shard) == groupId) {
                count++;
                hash += hashOf(shard);
            }
        }
        return new ShardCover(count, hash);
    }

    /** The finaliser of SplitMix64 (Steele, Lea and Flood, 2014). */
    private static long hashOf(int shard) {
        long z = (shard + 1) * 0x9E37_79B9_7F4A_7C15L;
        z = (z ^ (z >>> 30)) * 0xBF58_476D_1CE4_E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D0_49BB_1331_11EBL;
        return z ^ (z >>> 31);
    }
}
