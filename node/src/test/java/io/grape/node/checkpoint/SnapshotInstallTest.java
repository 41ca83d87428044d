package io.grape.node.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Disabled;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A follower whose entries are gone from the leader's log gets a checkpoint instead. */
class SnapshotInstallTest {
    /** Some files of more than one block, and of more than one chunk a block. */
    private static final int ROWS = 16_384;

    @TempDir
    Path directory;

    @Test
    void aStoppedFollowerCatchesUpBySnapshot() throws Exception {
        try (Cluster cluster = new Cluster(directory, 3, Cluster.every(400, 50), ROWS)) {
            cluster.startAll();
            cluster.createCollection("a");
            cluster.write(1, 0, 100);
            cluster.awaitSameState();
            int follower = follower(cluster);
            cluster.kill(follower);
            writePast(cluster, 5000);
            Replica late = cluster.start(follower);
            cluster.awaitSameState();
            assertThat(late.checkpoints().counters().installed()).isEqualTo(1);

            // What was installed is a checkpoint like any other.
            cluster.kill(follower);
            cluster.write(1, 0, 10);
            assertThat(cluster.start(follower).applied()).isGreaterThan(1000);
            cluster.awaitSameState();
        }
    }

    @Test
    void aBrokenStreamGoesOnWhereItWas() throws Exception {
        try (Cluster cluster = new Cluster(directory, 3, Cluster.every(400, 50), ROWS)) {
            cluster.startAll();
            cluster.createCollection("a");
            int follower = follower(cluster);
            cluster.kill(follower);
            writePast(cluster, 3000);
            cluster.dropEvery(7);
            Replica late = cluster.start(follower);
            cluster.run("a part", () -> late.checkpoints().counters().incomingBytes() > 1 << 20);
            long held = late.checkpoints().counters().incomingBytes();
            cluster.kill(follower);
            Replica again = cluster.start(follower);
            cluster.awaitSameState();
            assertThat(again.checkpoints().counters().installed()).isEqualTo(1);
            assertThat(again.checkpoints().counters().skippedBytes()).isGreaterThan(held / 2);
        }
    }

    @Test
    void blocksThatAreHereAlreadyAreNotSent() throws Exception {
        try (Cluster cluster = new Cluster(directory, 3, Cluster.every(400, 50), 1024)) {
            cluster.startAll();
            cluster.createCollection("a");
            cluster.write(1, 0, 3000);
            cluster.awaitSameState();
            int follower = follower(cluster);
            cluster.run(
                    "its checkpoint",
                    () -> cluster.at(follower).checkpoints().counters().lastIndex() > 2500);
            cluster.kill(follower);
            cluster.write(1, 10_000, 11_000);
            cluster.run("the leader's compaction", () -> {
                Checkpoint newest = leaderOf(cluster).checkpoints().newest();
                return newest != null
                        && newest.index() > 3500
                        && leaderOf(cluster).log().firstIndex() > 3400;
            });
            Replica late = cluster.start(follower);
            cluster.awaitSameState();
            CheckpointCounters received = late.checkpoints().counters();
            assertThat(received.installed()).isEqualTo(1);
            assertThat(received.skippedBytes()).isGreaterThan(2 * 1024 * 120);
            // Who leads now may lag with its checkpoint behind the one that was sent: only one of everything is
            // comparable.
            Replica leader = leaderOf(cluster);
            leader.checkpoints().request();
            cluster.run("a checkpoint of everything", () -> newestIndex(leader) == leader.applied());
            Checkpoint whole = leader.checkpoints().newest();
            assertThat(received.receivedBytes())
                    .isPositive()
                    .isLessThan(new SnapshotLayout(whole.manifest(), whole.bytes().length).totalBytes());
        }
    }

    @Test
    @Disabled(
            "One run in three spoils no block that the follower checks, cause not found yet: what it asserts holds when it does")
    void aBlockThatArrivesSpoiledIsAskedForAgain() throws Exception {
        try (Cluster cluster = new Cluster(directory, 3, Cluster.every(400, 50), ROWS)) {
            cluster.startAll();
            cluster.createCollection("a");
            int follower = follower(cluster);
            cluster.kill(follower);
            writePast(cluster, 2000);
            Replica late = cluster.start(follower, step -> {
                if (step == CheckpointStep.INCOMING_MANIFEST) {
                    cluster.spoilLongMessages(3);
                }
            });
            cluster.awaitSameState();
            assertThat(late.checkpoints().counters().installed()).isEqualTo(1);
            assertThat(late.checkpoints().counters().rejectedBlocks()).isPositive();
        }
    }

    private static long newestIndex(Replica replica) {
        Checkpoint newest = replica.checkpoints().newest();
        return newest == null ? 0 : newest.index();
    }

    private static Replica leaderOf(Cluster cluster) {
        try {
            return cluster.leader();
        } catch (Exception ex) {
            throw new AssertionError(ex);
        }
    }

    private static int follower(Cluster cluster) throws Exception {
        return cluster.leader().nodeId() % 3 + 1;
    }

    private static void writePast(Cluster cluster, int entries) throws Exception {
        long before = cluster.leader().log().lastIndex();
        cluster.write(1, 0, entries);
        cluster.run(
                "a compaction past the follower", () -> leaderOf(cluster).log().firstIndex() > before + 1);
    }
}
