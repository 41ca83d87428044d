package io.grape.shards.handoff.group;

import static org.assertj.core.api.Assertions.assertThat;

import io.grape.shards.ShardGroup;
import io.grape.shards.ShardHash;
import io.grape.shards.ShardTable;
import io.grape.shards.handoff.ContentDigest;
import io.grape.shards.handoff.DestinationView;
import io.grape.shards.handoff.HandoffCoordinator;
import io.grape.shards.handoff.HandoffLimits;
import io.grape.shards.handoff.HandoffStep;
import io.grape.shards.handoff.MigrationTable;
import io.grape.shards.ring.ConsistentHashRing;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** Five ways in which a store before this one lost data while it moved it, each of which must stay impossible. */
class AncestorDefectsTest {
    private static final int SHARD = 3;
    private static final UnsafeBuffer NOTHING = new UnsafeBuffer(new byte[0]);

    private final Rows rowsOfA = new Rows();
    private final Rows rowsOfB = new Rows();
    private final GroupShards a = new GroupShards(8, 100, rowsOfA);
    private final GroupShards b = new GroupShards(8, 100, rowsOfB);
    private final MigrationTable migrations = new MigrationTable();
    private ShardTable table = new ShardTable(
            1,
            new short[8],
            new long[] {1, 1, 1, 1, 1, 1, 1, 1},
            List.of(new ShardGroup(0, -1, List.of()), new ShardGroup(1, -1, List.of())));

    private void begin() {
        a.found(SHARD);
        assertThat(migrations.start(table, SHARD, 0, 1, 1)).isTrue();
        assertThat(b.importBegin(SHARD, 1)).isTrue();
        assertThat(a.exportBegin(SHARD, 1)).isTrue();
    }

    @Test
    void anEmptyBatchIsNotTakenForTheEndOfTheCopy() {
        begin();
        assertThat(b.importChunk(chunk(0, 10, 1, 0, false), NOTHING, 0, 0)).isEqualTo(ChunkVerdict.TAKEN);
        assertThat(b.destination(SHARD).holding().stagedIndex()).isZero();
        assertThat(next()).isEqualTo(HandoffStep.COPY);
        assertThat(b.verify(SHARD, 1, 10, ContentDigest.EMPTY)).isEqualTo(DestinationView.Check.PENDING);

        assertThat(b.importChunk(chunk(0, 10, 1, 1, true), NOTHING, 0, 0)).isEqualTo(ChunkVerdict.ROUND_DONE);
        assertThat(b.destination(SHARD).holding().stagedIndex()).isEqualTo(10);
    }

    @Test
    void theSourceIsNotDeletedBeforeTheDestinationWasCheckedTwice() {
        begin();
        b.importChunk(chunk(0, 10, 1, 0, true), NOTHING, 0, 0);
        ContentDigest sealed = ContentDigest.EMPTY;
        assertThat(a.seal(SHARD, 1, 10, sealed)).isTrue();
        assertThat(a.purge(SHARD, 1)).as("before the commit").isFalse();
        assertThat(b.verify(SHARD, 1, 10, sealed)).isEqualTo(DestinationView.Check.EQUAL);
        migrations.ready(SHARD, 1);
        table = migrations.commit(table, SHARD, 1);
        rowsOfB.published = new ContentDigest(1, 2, 3);
        assertThat(b.own(SHARD, 1, true)).isTrue();
        assertThat(a.drop(SHARD, 1, 1)).isTrue();

        assertThat(next())
                .as("what it owns is not what it checked: a person must look, and the source's rows stay")
                .isEqualTo(HandoffStep.ALARM);
    }

    @Test
    void aCopyThatDiffersIsAbortedAndNothingOfItIsLeft() {
        begin();
        b.importChunk(chunk(0, 10, 1, 0, true), NOTHING, 0, 0);
        a.seal(SHARD, 1, 10, new ContentDigest(1, 7, 7));
        assertThat(b.verify(SHARD, 1, 10, a.source(SHARD).sealed())).isEqualTo(DestinationView.Check.DIFFERENT);
        assertThat(next()).isEqualTo(HandoffStep.ABORT);
        assertThat(migrations.abort(SHARD, 1)).isTrue();
        assertThat(next()).isEqualTo(HandoffStep.CLEAN_SOURCE);
        assertThat(a.abort(SHARD, 1)).isTrue();
        assertThat(next()).isEqualTo(HandoffStep.CLEAN_DESTINATION);
        assertThat(b.abort(SHARD, 1)).isTrue();
        assertThat(rowsOfB.discarded).isTrue();
        assertThat(next()).isEqualTo(HandoffStep.FINISH);
        assertThat(a.access(SHARD)).isEqualTo(Access.OWNED);
        assertThat(b.access(SHARD)).isEqualTo(Access.NOT_OWNED);
    }

    @Test
    void aPointIsRoutedTheSameWayByWhateverAsks() {
        SplittableRandom random = new SplittableRandom(7);
        for (int i = 0; i < 10_000; i++) {
            int collection = random.nextInt(1, 100);
            long most = random.nextLong();
            long least = random.nextLong();
            int shard = table.shardOf(collection, most, least);
            assertThat(shard).isEqualTo(ShardHash.shardOf(ShardHash.hash(collection, most, least), 3));
            assertThat(table.withOwner(SHARD, 1).shardOf(collection, most, least))
                    .as("a hand-off moves shards between groups, never points between shards")
                    .isEqualTo(shard);
        }
    }

    @Test
    void theRingKnowsEveryNodeOfItsTopology() {
        ConsistentHashRing ring = ConsistentHashRing.of(Map.of(1, 1.0, 2, 1.0, 3, 2.0, 4, 1.0));
        for (int unit = 0; unit < 64; unit++) {
            assertThat(ring.preference(unit, 4)).containsExactlyInAnyOrder(1, 2, 3, 4);
        }
    }

    /** Sealed, or another's: in both cases the answer is a refusal, and nothing was done. */
    @Test
    void whatCannotBeDoneHereIsNeverAnsweredAsDone() {
        begin();
        b.importChunk(chunk(0, 10, 1, 0, true), NOTHING, 0, 0);
        assertThat(b.access(SHARD)).as("a copy is not the shard").isEqualTo(Access.NOT_OWNED);
        a.seal(SHARD, 1, 10, ContentDigest.EMPTY);
        assertThat(a.access(SHARD)).isEqualTo(Access.SEALED);
        assertThat(a.timeOut(SHARD, 1)).isFalse();
        assertThat(a.access(SHARD)).isEqualTo(Access.SEALED);
        b.verify(SHARD, 1, 10, ContentDigest.EMPTY);
        assertThat(b.own(SHARD, 1, false)).isFalse();
        assertThat(b.own(SHARD, 1, true)).isTrue();
        a.drop(SHARD, 1, 1);
        assertThat(a.access(SHARD)).isEqualTo(Access.NOT_OWNED);
        assertThat(a.movedTo(SHARD)).isEqualTo(1);
        assertThat(b.access(SHARD)).isEqualTo(Access.OWNED);
    }

    @Test
    void aDamagedChunkIsNotTakenAndTheNextTryIs() {
        begin();
        UnsafeBuffer rows = new UnsafeBuffer(new byte[] {1, 2, 3});
        assertThat(b.importChunk(chunk(0, 10, 1, 0, true), rows, 0, 3)).isEqualTo(ChunkVerdict.DAMAGED);
        assertThat(b.cursor(SHARD)).isEqualTo(new ChunkCursor(0, 0, 0));
        ChunkHeader good = new ChunkHeader(1, SHARD, 0, 10, 1, 0, 1, true, DestinationShard.crc(rows, 0, 3));
        assertThat(b.importChunk(good, rows, 0, 3)).isEqualTo(ChunkVerdict.ROUND_DONE);
    }

    @Test
    void moreChangesThanAreRememberedEndTheMigration() {
        begin();
        for (int i = 0; i <= 100; i++) {
            a.changed(SHARD, 1, 0, i, i + 1L);
        }
        assertThat(a.source(SHARD).isOverfull()).isTrue();
        assertThat(next()).isEqualTo(HandoffStep.ABORT);
        assertThat(a.seal(SHARD, 1, 200, ContentDigest.EMPTY)).isFalse();
    }

    private HandoffStep next() {
        return HandoffCoordinator.next(
                Objects.requireNonNull(migrations.of(SHARD)),
                a.source(SHARD),
                b.destination(SHARD),
                HandoffLimits.DEFAULT,
                false);
    }

    private static ChunkHeader chunk(long from, long to, long attempt, int number, boolean isEnd) {
        return new ChunkHeader(1, SHARD, from, to, attempt, number, 0, isEnd, DestinationShard.crc(NOTHING, 0, 0));
    }

    /** Rows that are whatever a test says. */
    private static final class Rows implements Staging {
        private ContentDigest published = ContentDigest.EMPTY;
        private boolean discarded;

        @Override
        public void begin(int shard, long migrationId) {}

        @Override
        public void take(int shard, long migrationId, DirectBuffer rows, int offset, int length) {}

        @Override
        public ContentDigest digest(int shard, long migrationId) {
            return ContentDigest.EMPTY;
        }

        @Override
        public ContentDigest publish(int shard, long migrationId) {
            return published;
        }

        @Override
        public void discard(int shard, long migrationId) {
            discarded = true;
        }
    }
}
