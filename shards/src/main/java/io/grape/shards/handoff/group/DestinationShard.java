package io.grape.shards.handoff.group;

import io.grape.shards.handoff.Bytes;
import io.grape.shards.handoff.ContentDigest;
import io.grape.shards.handoff.DestinationView;
import io.grape.shards.handoff.DestinationView.Check;
import io.grape.shards.handoff.HandoffGuards;
import io.grape.shards.handoff.ShardHolding;
import java.util.List;
import java.util.zip.CRC32C;
import org.agrona.DirectBuffer;

/**
 * A shard that comes into a group: which round of copying is going on, how far it is, and whether the copy was found equal.
 *
 * <p>A round's chunks are taken in their order, from the first to the one with the end mark, all of one attempt; only the end mark
 * moves the staged index. An attempt with a higher number may begin the round again, because a round's rows may be stored twice.
 */
final class DestinationShard {
    private static final List<Check> CHECKS = List.of(Check.PENDING, Check.EQUAL, Check.DIFFERENT);

    private ShardHolding holding;
    private int rounds;
    private long lastRoundRows;
    private long roundTo;
    private long attempt;
    private int nextNumber;
    private long roundRows;
    private Check check = Check.PENDING;
    private ContentDigest digest = ContentDigest.EMPTY;

    DestinationShard(ShardHolding holding) {
        this.holding = holding;
    }

    ShardHolding holding() {
        return holding;
    }

    DestinationView view() {
        return new DestinationView(holding, rounds, lastRoundRows, check);
    }

    long attempt() {
        return attempt;
    }

    int nextNumber() {
        return nextNumber;
    }

    ChunkVerdict judge(ChunkHeader chunk, HandoffGuards guards) {
        if (holding.staging() != chunk.migrationId()
                || !guards.isLive(chunk.migrationId(), holding.closedThrough())
                || check != Check.PENDING
                || chunk.to() <= holding.stagedIndex()
                || chunk.attempt() < attempt) {
            return ChunkVerdict.STALE;
        }
        boolean begins = chunk.attempt() > attempt;
        int expected = begins ? 0 : nextNumber;
        if (!guards.mayStage(holding.stagedIndex(), chunk.from()) || !guards.mayStage(expected, chunk.number())) {
            boolean isPast = chunk.from() < holding.stagedIndex() || chunk.number() < expected;
            return isPast ? ChunkVerdict.STALE : ChunkVerdict.GAP;
        }
        if (!begins && chunk.to() != roundTo) {
            return ChunkVerdict.GAP;
        }
        return chunk.isEnd() ? ChunkVerdict.ROUND_DONE : ChunkVerdict.TAKEN;
    }

    ChunkVerdict take(
            ChunkHeader chunk, DirectBuffer rows, int offset, int length, Staging staging, HandoffGuards guards) {
        ChunkVerdict verdict = judge(chunk, guards);
        if (verdict != ChunkVerdict.TAKEN && verdict != ChunkVerdict.ROUND_DONE) {
            return verdict;
        }
        if (crc(rows, offset, length) != chunk.crc()) {
            return ChunkVerdict.DAMAGED;
        }
        if (chunk.attempt() != attempt) {
            attempt = chunk.attempt();
            roundTo = chunk.to();
            roundRows = 0;
        }
        staging.take(chunk.shard(), chunk.migrationId(), rows, offset, length);
        nextNumber = chunk.number() + 1;
        roundRows += chunk.rows();
        if (verdict == ChunkVerdict.ROUND_DONE) {
            holding = holding.stage(chunk.migrationId(), holding.stagedIndex(), chunk.to(), guards);
            rounds++;
            lastRoundRows = roundRows;
        }
        return verdict;
    }

    static int crc(DirectBuffer rows, int offset, int length) {
        CRC32C crc = new CRC32C();
        byte[] array = rows.byteArray();
        if (array != null) {
            crc.update(array, rows.wrapAdjustment() + offset, length);
        } else {
            byte[] copy = new byte[length];
            rows.getBytes(offset, copy);
            crc.update(copy);
        }
        return (int) crc.getValue();
    }

    /** Compares with what was sealed; once is for ever. A copy that is not complete is not compared at all. */
    Check verify(long migrationId, long sealedIndex, ContentDigest sealed, ContentDigest staged, HandoffGuards guards) {
        if (check == Check.PENDING && holding.isReady(migrationId, sealedIndex, guards)) {
            digest = staged;
            check = staged.equals(sealed) ? Check.EQUAL : Check.DIFFERENT;
        }
        return check;
    }

    boolean mayOwn(long migrationId, boolean commitIsCommitted, HandoffGuards guards) {
        return !holding.own(migrationId, commitIsCommitted, guards).equals(holding);
    }

    void own(long migrationId, boolean commitIsCommitted, ContentDigest published, HandoffGuards guards) {
        holding = holding.own(migrationId, commitIsCommitted, guards);
        check = check == Check.EQUAL && published.equals(digest) ? Check.EQUAL : Check.DIFFERENT;
    }

    boolean abort(long migrationId, HandoffGuards guards) {
        ShardHolding next = holding.abort(migrationId, guards);
        boolean applies = !next.equals(holding);
        holding = next;
        return applies;
    }

    void encode(Bytes out) {
        Holdings.encode(holding, out);
        out.putInt(rounds)
                .putLong(lastRoundRows)
                .putLong(roundTo)
                .putLong(attempt)
                .putInt(nextNumber)
                .putLong(roundRows)
                .putInt(CHECKS.indexOf(check));
        Holdings.encode(digest, out);
    }

    static DestinationShard decode(Bytes in) {
        DestinationShard shard = new DestinationShard(Holdings.decodeHolding(in));
        shard.rounds = in.getInt();
        shard.lastRoundRows = in.getLong();
        shard.roundTo = in.getLong();
        shard.attempt = in.getLong();
        shard.nextNumber = in.getInt();
        shard.roundRows = in.getLong();
        shard.check = CHECKS.get(in.getIntBelow(CHECKS.size()));
        shard.digest = Holdings.decodeDigest(in);
        return shard;
    }
}
