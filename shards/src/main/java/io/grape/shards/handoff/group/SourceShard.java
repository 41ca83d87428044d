package io.grape.shards.handoff.group;

import io.grape.shards.handoff.Bytes;
import io.grape.shards.handoff.ContentDigest;
import io.grape.shards.handoff.HandoffGuards;
import io.grape.shards.handoff.ShardHolding;
import io.grape.shards.handoff.SourceView;
import java.util.TreeMap;

/**
 * A shard that leaves its group: sealed or not, and what was deleted since the export began.
 *
 * <p>Rows carry the index of the entry that wrote them, so a round after {@code from} is: all rows that were written later, and all
 * points that were deleted later and are not there again. The second part is what this remembers, up to a bound; beyond it the
 * export cannot be completed and only an abort helps. Nothing is pinned: a round reads what is there, and what changes
 * while it reads belongs to the next one.
 */
final class SourceShard {
    /** Deleted points by their key, each with the index of its last deletion. */
    private final TreeMap<PointKey, Long> deletions = new TreeMap<>();

    private final int maxDeletions;
    private ShardHolding holding;
    private boolean overfull;
    private ContentDigest sealed = ContentDigest.EMPTY;
    private boolean awaitsPurge;

    /** A point of any collection. */
    record PointKey(int collectionId, long idMost, long idLeast) implements Comparable<PointKey> {
        @Override
        public int compareTo(PointKey other) {
            int byCollection = Integer.compare(collectionId, other.collectionId);
            int byMost = Long.compareUnsigned(idMost, other.idMost);
            int byId = byMost != 0 ? byMost : Long.compareUnsigned(idLeast, other.idLeast);
            return byCollection != 0 ? byCollection : byId;
        }
    }

    SourceShard(ShardHolding holding, int maxDeletions) {
        this.holding = holding;
        this.maxDeletions = maxDeletions;
    }

    ShardHolding holding() {
        return holding;
    }

    SourceView view() {
        return new SourceView(holding, overfull, sealed, awaitsPurge);
    }

    boolean awaitsPurge() {
        return awaitsPurge;
    }

    void deleted(int collectionId, long idMost, long idLeast, long index) {
        if (overfull) {
            return;
        }
        deletions.put(new PointKey(collectionId, idMost, idLeast), index);
        if (deletions.size() > maxDeletions) {
            overfull = true;
            deletions.clear();
        }
    }

    /** The point is there again: its row is newer than its deletion, and says all there is to say. */
    void written(int collectionId, long idMost, long idLeast) {
        if (!deletions.isEmpty()) {
            deletions.remove(new PointKey(collectionId, idMost, idLeast));
        }
    }

    void forEachDeletionAfter(long index, DeletionConsumer consumer) {
        deletions.forEach((key, deletedAt) -> {
            if (deletedAt > index) {
                consumer.deleted(key.collectionId(), key.idMost(), key.idLeast());
            }
        });
    }

    boolean seal(long migrationId, long index, ContentDigest digest) {
        ShardHolding next = overfull ? holding : holding.seal(migrationId, index);
        boolean applies = !next.equals(holding);
        if (applies) {
            holding = next;
            sealed = digest;
        }
        return applies;
    }

    boolean drop(long migrationId, HandoffGuards guards) {
        ShardHolding next = holding.drop(migrationId, guards);
        boolean applies = !next.equals(holding);
        if (applies) {
            holding = next;
            awaitsPurge = true;
            deletions.clear();
        }
        return applies;
    }

    boolean unseal(long migrationId, boolean abortIsCommitted, HandoffGuards guards) {
        ShardHolding next = holding.unseal(migrationId, abortIsCommitted, guards);
        boolean applies = !next.equals(holding);
        holding = next;
        return applies;
    }

    void encode(Bytes out) {
        Holdings.encode(holding, out);
        out.putInt(overfull ? 1 : 0).putInt(awaitsPurge ? 1 : 0);
        Holdings.encode(sealed, out);
        out.putInt(deletions.size());
        deletions.forEach((key, index) -> out.putInt(key.collectionId())
                .putLong(key.idMost())
                .putLong(key.idLeast())
                .putLong(index));
    }

    static SourceShard decode(Bytes in, int maxDeletions) {
        SourceShard shard = new SourceShard(Holdings.decodeHolding(in), maxDeletions);
        shard.overfull = in.getInt() != 0;
        shard.awaitsPurge = in.getInt() != 0;
        shard.sealed = Holdings.decodeDigest(in);
        int count = in.getCount(28);
        for (int i = 0; i < count; i++) {
            PointKey key = new PointKey(in.getInt(), in.getLong(), in.getLong());
            shard.deletions.put(key, in.getLong());
        }
        return shard;
    }
}
