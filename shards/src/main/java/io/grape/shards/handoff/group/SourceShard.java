package io.grape.shards.handoff.group;

import io.grape.shards.handoff.Bytes;
import io.grape.shards.handoff.ContentDigest;
import io.grape.shards.handoff.HandoffGuards;
import io.grape.shards.handoff.ShardHolding;
import io.grape.shards.handoff.SourceView;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A shard that leaves its group: sealed or not, and which points have changed since the export began.
 *
 * <p>A round after {@code from} is all points that changed later, as they are when the round reads them; a point that is not there
 * any more is sent as deleted. The first round is all points that are there, and then the same. Nothing is pinned: what
 * changes while a round is read belongs to the next one. What is remembered is bounded; beyond that the export cannot be
 * completed and only an abort helps.
 *
 * <p>Thread: the apply agent's; {@link #forEachChangeAfter} is for any, and gives at least what had changed when it was called.
 */
final class SourceShard {
    /** Changed points by their key, each with the index of its last change. */
    private final ConcurrentHashMap<PointKey, Long> changes = new ConcurrentHashMap<>();

    private final int maxChanges;
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

    SourceShard(ShardHolding holding, int maxChanges) {
        this.holding = holding;
        this.maxChanges = maxChanges;
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

    void changed(int collectionId, long idMost, long idLeast, long index) {
        if (overfull) {
            return;
        }
        changes.put(new PointKey(collectionId, idMost, idLeast), index);
        if (changes.size() > maxChanges) {
            overfull = true;
            changes.clear();
        }
    }

    void forEachChangeAfter(long index, ChangeConsumer consumer) {
        changes.forEach((key, changedAt) -> {
            if (changedAt > index) {
                consumer.changed(key.collectionId(), key.idMost(), key.idLeast());
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
            changes.clear();
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
        out.putInt(changes.size());
        new TreeMap<>(changes)
                .forEach((key, index) -> out.putInt(key.collectionId())
                        .putLong(key.idMost())
                        .putLong(key.idLeast())
                        .putLong(index));
    }

    static SourceShard decode(Bytes in, int maxChanges) {
        SourceShard shard = new SourceShard(Holdings.decodeHolding(in), maxChanges);
        shard.overfull = in.getInt() != 0;
        shard.awaitsPurge = in.getInt() != 0;
        shard.sealed = Holdings.decodeDigest(in);
        int count = in.getCount(28);
        for (int i = 0; i < count; i++) {
            PointKey key = new PointKey(in.getInt(), in.getLong(), in.getLong());
            shard.changes.put(key, in.getLong());
        }
        return shard;
    }
}
