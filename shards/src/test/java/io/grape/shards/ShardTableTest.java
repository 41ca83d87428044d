package io.grape.shards;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grape.codecs.GrapeException;
import io.grape.codecs.sbe.ErrorCode;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ShardTableTest {
    private static final ShardGroup FIRST = new ShardGroup(0, 1, List.of(1, 2, 3));
    private static final ShardGroup SECOND = new ShardGroup(5, ShardGroup.NO_LEADER, List.of(2, 3, 4));

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 1024, 4096, 16_384})
    void aClustersFirstTableGivesEveryShardToOneGroup(int shardCount) {
        ShardTable table = ShardTable.of(shardCount, FIRST);
        assertThat(table.epoch()).isEqualTo(1);
        assertThat(table.shardCount()).isEqualTo(shardCount);
        for (int shard = 0; shard < shardCount; shard++) {
            assertThat(table.groupOf(shard)).isZero();
            assertThat(table.shardEpoch(shard)).isEqualTo(1);
        }
        assertThat(table.shardOf(9, 1, 2)).isBetween(0, shardCount - 1);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, 3, 1000, 32_768, Integer.MIN_VALUE})
    void anotherNumberOfShardsIsRefused(int shardCount) {
        assertThatThrownBy(() -> ShardTable.requireShardCount(shardCount))
                .isInstanceOfSatisfying(
                        GrapeException.class, e -> assertThat(e.code()).isSameAs(ErrorCode.INVALID_CONFIGURATION))
                .hasMessageContaining("power of two");
    }

    @Test
    void aChangedOwnerRaisesTheTablesEpochAndTheShardsAlone() {
        ShardTable table = ShardTable.of(4, FIRST).withGroups(List.of(SECOND, FIRST));
        ShardTable moved = table.withOwner(2, 5);
        assertThat(table.groupOf(2)).isZero();
        assertThat(moved.groupOf(2)).isEqualTo(5);
        assertThat(moved.epoch()).isEqualTo(3);
        assertThat(List.of(moved.shardEpoch(0), moved.shardEpoch(1), moved.shardEpoch(2), moved.shardEpoch(3)))
                .containsExactly(1L, 1L, 2L, 1L);
    }

    @Test
    void aLeaderIsAHintThatRaisesNoEpoch() {
        ShardTable table = ShardTable.of(4, FIRST);
        assertThat(table.withLeader(0, 3).leaderOf(0)).isEqualTo(3);
        assertThat(table.withLeader(0, 3).epoch()).isEqualTo(table.epoch());
        assertThat(table.withLeader(0, 1)).isSameAs(table);
        assertThat(table.withLeader(77, 3)).isSameAs(table);
        assertThat(table.withLeader(-1, 3)).isSameAs(table);
        assertThat(table.leaderOf(77)).isEqualTo(ShardGroup.NO_LEADER);
    }

    @Test
    void groupsAreSortedAndTheCallersArraysAreNotKept() {
        short[] owners = {0, 5};
        long[] epochs = {1, 1};
        ShardTable table = new ShardTable(1, owners, epochs, List.of(SECOND, FIRST));
        owners[0] = 5;
        epochs[0] = 9;
        assertThat(table.groupOf(0)).isZero();
        assertThat(table.shardEpoch(0)).isEqualTo(1);
        assertThat(table.groups()).containsExactly(FIRST, SECOND);
    }

    @Test
    void aTableThatContradictsItselfIsRefused() {
        refused(1, new short[] {0, 7}, new long[] {1, 1}, List.of(FIRST));
        refused(1, new short[] {-3}, new long[] {1}, List.of(FIRST));
        refused(1, new short[] {0}, new long[] {1, 1}, List.of(FIRST));
        refused(1, new short[] {0}, new long[] {0}, List.of(FIRST));
        refused(0, new short[] {0}, new long[] {1}, List.of(FIRST));
        refused(1, new short[] {0}, new long[] {1}, List.of(FIRST, FIRST));
        refused(1, new short[] {0}, new long[] {1}, List.of());
        assertThatThrownBy(() -> ShardTable.of(2, FIRST).withOwner(0, 4)).isInstanceOf(GrapeException.class);
    }

    @Test
    void aGroupOutsideOfItsRangeOrWithAMemberTwiceIsRefused() {
        assertThatThrownBy(() -> new ShardGroup(-1, 1, List.of())).isInstanceOf(GrapeException.class);
        assertThatThrownBy(() -> new ShardGroup(32_768, 1, List.of())).isInstanceOf(GrapeException.class);
        assertThatThrownBy(() -> new ShardGroup(1, 1, List.of(4, 4))).isInstanceOf(GrapeException.class);
    }

    @Test
    void equalTablesAreEqualAndOthersAreNot() {
        ShardTable table = ShardTable.of(4, FIRST);
        assertThat(table).isEqualTo(ShardTable.of(4, FIRST)).hasSameHashCodeAs(ShardTable.of(4, FIRST));
        assertThat(table).isNotEqualTo(ShardTable.of(8, FIRST)).isNotEqualTo(table.withGroups(List.of(FIRST)));
        assertThat(table).isNotEqualTo(table.withLeader(0, 2)).isNotEqualTo("a table");
        assertThat(table.toString()).contains("epoch=1").contains("shards=4");
    }

    private static void refused(long epoch, short[] owners, long[] epochs, List<ShardGroup> groups) {
        assertThatThrownBy(() -> new ShardTable(epoch, owners, epochs, groups))
                .isInstanceOfSatisfying(
                        GrapeException.class, e -> assertThat(e.code()).isSameAs(ErrorCode.MALFORMED_MESSAGE));
    }
}
