package io.grape.node.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Checkpoints of one replica: taken, found again, and the log behind them given back. */
class GroupCheckpointsTest {
    @TempDir
    Path directory;

    @Test
    void aRestartBringsBackTheCheckpointAndReplaysOnlyWhatFollows() throws Exception {
        try (Cluster cluster = new Cluster(directory, 1, Cluster.every(100, 0), Replica.SEGMENT_ROWS)) {
            cluster.start(1);
            cluster.createCollection("a");
            cluster.createCollection("b");
            cluster.write(1, 0, 150);
            cluster.write(2, 0, 20);
            cluster.run("a checkpoint", () -> newest(cluster) >= 100);
            cluster.write(1, 100, 130);
            Replica before = cluster.at(1);
            long hash = before.hash();
            byte[] saved = before.machine().save();
            long applied = before.applied();
            long checkpoint = newest(cluster);
            cluster.kill(1);

            Replica after = cluster.start(1);
            assertThat(after.applied()).isEqualTo(checkpoint).isLessThan(applied);
            assertThat(after.log().firstIndex()).isGreaterThan(1);
            cluster.run("the tail", () -> after.applied() >= applied);
            assertThat(after.hash()).isEqualTo(hash);
            assertThat(after.machine().save()).isEqualTo(saved);
        }
    }

    @Test
    void aCleanStopLeavesNothingToReplay() throws Exception {
        try (Cluster cluster = new Cluster(directory, 1, Cluster.every(1000, 0), Replica.SEGMENT_ROWS)) {
            cluster.start(1);
            cluster.createCollection("a");
            cluster.write(1, 0, 70);
            long applied = cluster.at(1).applied();
            long hash = cluster.at(1).hash();
            cluster.stop(1);
            Replica after = cluster.start(1);
            assertThat(after.applied()).isEqualTo(applied);
            assertThat(after.hash()).isEqualTo(hash);
            cluster.write(1, 50, 90);
            assertThat(after.machine().catalog().points()).isEqualTo(90);
        }
    }

    @Test
    void theJournalGivesBackWhatCheckpointsCover() throws Exception {
        try (Cluster cluster = new Cluster(directory, 1, Cluster.every(2000, 100), 1024)) {
            cluster.start(1);
            cluster.createCollection("a");
            long written = 0;
            for (int round = 0; round < 8; round++) {
                cluster.write(1, 0, 2500);
                written += 2500;
            }
            Replica replica = cluster.at(1);
            cluster.run(
                    "a compaction",
                    () -> replica.log().firstIndex() > newest(cluster) - 200 && newest(cluster) > 15_000);
            for (int i = 0; i < 2000; i++) {
                cluster.turn();
            }
            assertThat(replica.log().firstIndex()).isEqualTo(newest(cluster) - 100 + 1);
            assertThat(replica.journal().counters().recycledSegments()).isPositive();
            assertThat(replica.journal().counters().journalBytes())
                    .isLessThan(replica.journal().counters().writtenBytes());
            assertThat(written).isEqualTo(20_000);
        }
    }

    @Test
    void filesOfDroppedCollectionsGoWhenNoCheckpointNamesThemAndIdsAreNotUsedAgain() throws Exception {
        try (Cluster cluster = new Cluster(directory, 1, Cluster.every(50, 0), Replica.SEGMENT_ROWS)) {
            cluster.start(1);
            cluster.createCollection("a");
            cluster.createCollection("b");
            cluster.write(1, 0, 60);
            cluster.run("a checkpoint", () -> newest(cluster) > 50);
            cluster.drop(1);
            assertThat(stores(cluster)).contains("1", "2");
            cluster.write(2, 0, 60);
            cluster.run("another", () -> newest(cluster) > 100);
            // A stream may have begun on the one before; what only that one names goes with the next.
            cluster.write(2, 60, 120);
            cluster.run("the files gone", () -> !stores(cluster).contains("1"));
            cluster.kill(1);
            cluster.start(1);
            cluster.createCollection("c");
            assertThat(stores(cluster)).containsExactlyInAnyOrder("2", "3");
        }
    }

    @Test
    void withoutACheckpointEverythingIsReplayed() throws Exception {
        try (Cluster cluster = new Cluster(directory, 1, Cluster.every(1_000_000, 0), Replica.SEGMENT_ROWS)) {
            cluster.start(1);
            cluster.createCollection("a");
            cluster.write(1, 0, 90);
            long hash = cluster.at(1).hash();
            long applied = cluster.at(1).applied();
            cluster.kill(1);
            Replica after = cluster.start(1);
            assertThat(after.applied()).isZero();
            cluster.run("the replay", () -> after.applied() >= applied);
            assertThat(after.hash()).isEqualTo(hash);
        }
    }

    private static long newest(Cluster cluster) {
        Checkpoint newest = cluster.at(1).checkpoints().newest();
        return newest == null ? 0 : newest.index();
    }

    private static List<String> stores(Cluster cluster) {
        try (Stream<Path> all = Files.list(cluster.directory(1).resolve("collections"))) {
            return all.map(path -> path.getFileName().toString()).toList();
        } catch (java.io.IOException ex) {
            throw new java.io.UncheckedIOException(ex);
        }
    }
}
