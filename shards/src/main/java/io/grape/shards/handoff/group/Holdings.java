package io.grape.shards.handoff.group;

import io.grape.shards.handoff.Bytes;
import io.grape.shards.handoff.ContentDigest;
import io.grape.shards.handoff.ShardHolding;

/** Values that several states hold, as bytes: a holding has 52 of them, a digest 24. */
final class Holdings {
    private Holdings() {}

    static void encode(ShardHolding holding, Bytes out) {
        out.putInt(holding.owner() ? 1 : 0)
                .putLong(holding.exporting())
                .putLong(holding.sealedFor())
                .putLong(holding.sealedIndex())
                .putLong(holding.staging())
                .putLong(holding.stagedIndex())
                .putLong(holding.closedThrough());
    }

    static ShardHolding decodeHolding(Bytes in) {
        return new ShardHolding(
                in.getInt() != 0, in.getLong(), in.getLong(), in.getLong(), in.getLong(), in.getLong(), in.getLong());
    }

    static void encode(ContentDigest digest, Bytes out) {
        out.putLong(digest.rows()).putLong(digest.high()).putLong(digest.low());
    }

    static ContentDigest decodeDigest(Bytes in) {
        return new ContentDigest(in.getLong(), in.getLong(), in.getLong());
    }
}
