package io.grape.shards;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class ShardRouterTest {
    private static final ShardGroup FIRST = new ShardGroup(0, 1, List.of(1));
    private static final ShardGroup SECOND = new ShardGroup(1, 2, List.of(2));
    private final ShardTable first = ShardTable.of(16, FIRST).withGroups(List.of(FIRST, SECOND));

    @Test
    void onlyANewerTableIsInstalled() {
        ShardRouter router = new ShardRouter(first);
        ShardTable second = first.withOwner(3, 1);
        assertThat(router.install(second)).isTrue();
        assertThat(router.install(first)).isFalse();
        assertThat(router.install(second)).isFalse();
        assertThat(router.table()).isSameAs(second);
    }

    @Test
    void aPointIsRoutedByTheNewestTable() {
        ShardRouter router = new ShardRouter(first);
        int shard = first.shardOf(1, 0, 99);
        assertThat(router.groupOf(1, 0, 99)).isZero();
        router.install(first.withOwner(shard, 1));
        assertThat(router.groupOf(1, 0, 99)).isEqualTo(1);
    }

    @Test
    void aNotedLeaderSurvivesUntilANewerTableSaysOtherwise() {
        ShardRouter router = new ShardRouter(first);
        router.noteLeader(0, 9);
        router.noteLeader(0, 9);
        router.noteLeader(40, 9);
        assertThat(router.table().leaderOf(0)).isEqualTo(9);
        assertThat(router.table().epoch()).isEqualTo(first.epoch());
        router.install(first.withOwner(0, 1));
        assertThat(router.table().leaderOf(0)).isEqualTo(1);
    }

    @Test
    void theNewestWinsHoweverRepliesOvertakeEachOther() throws Exception {
        List<ShardTable> tables = new ArrayList<>(List.of(first));
        for (int i = 0; i < 500; i++) {
            tables.add(tables.getLast().withOwner(i % 16, (i / 16 + 1) % 2));
        }
        ShardRouter router = new ShardRouter(first);
        try (ExecutorService threads = Executors.newFixedThreadPool(3)) {
            List<Callable<Void>> installers = new ArrayList<>();
            for (int seed = 0; seed < 3; seed++) {
                List<ShardTable> shuffled = new ArrayList<>(tables);
                Collections.shuffle(shuffled, new Random(seed));
                installers.add(() -> installAll(router, shuffled));
            }
            for (Future<Void> done : threads.invokeAll(installers)) {
                done.get();
            }
        }
        assertThat(router.table()).isSameAs(tables.getLast());
    }

    private static Void installAll(ShardRouter router, List<ShardTable> tables) {
        long seen = 0;
        for (ShardTable table : tables) {
            router.install(table);
            long epoch = router.table().epoch();
            assertThat(epoch).isGreaterThanOrEqualTo(Math.max(seen, table.epoch()));
            seen = epoch;
        }
        return null;
    }
}
