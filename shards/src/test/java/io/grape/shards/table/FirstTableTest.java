package io.grape.shards.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grape.codecs.GrapeException;
import io.grape.shards.ShardCover;
import io.grape.shards.ShardTable;
import java.util.List;
import org.junit.jupiter.api.Test;

class FirstTableTest {
    @Test
    void everyGroupHasItsShareAndGroup0HasNone() {
        ShardTable table = FirstTable.of(1024, 5, List.of(1, 2, 3));
        assertThat(table.groupCount()).isEqualTo(6);
        assertThat(ShardCover.of(table, 0)).isEqualTo(ShardCover.NONE);
        int shards = 0;
        for (int group = 1; group <= 5; group++) {
            int count = ShardCover.of(table, group).count();
            assertThat(count).isBetween(204, 205);
            shards += count;
        }
        assertThat(shards).isEqualTo(1024);
        assertThat(table.soleOwner()).isEqualTo(ShardTable.SEVERAL_OWNERS);
    }

    @Test
    void theTableDependsOnNothingButTheNumbers() {
        assertThat(FirstTable.of(64, 64, List.of(1)).groupOf(63)).isEqualTo(64);
        assertThat(FirstTable.of(64, 1, List.of(1)).soleOwner()).isEqualTo(1);
        ShardTable one = FirstTable.of(64, 3, List.of(1));
        ShardTable other = FirstTable.of(64, 3, List.of(7, 8));
        for (int shard = 0; shard < 64; shard++) {
            assertThat(one.groupOf(shard)).isEqualTo(other.groupOf(shard));
        }
    }

    @Test
    void moreGroupsThanShardsAreRefused() {
        assertThatThrownBy(() -> FirstTable.of(4, 5, List.of(1)))
                .isInstanceOf(GrapeException.class)
                .hasMessageContaining("1 to the number of shards, 4, not 5");
    }
}
