package io.grape.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.grape.client.CollectionInfo;
import io.grape.client.GrapeClient;
import io.grape.codecs.sbe.Metric;
import io.grape.node.cli.GrapeCli;
import io.grape.node.demo.ClusterWatch;
import io.grape.node.demo.ReadBack;
import io.grape.node.demo.Repository;
import io.grape.node.demo.WordVectors;
import io.grape.node.demo.WriteStream;
import io.grape.node.demo.cluster.Await;
import io.grape.node.demo.cluster.ClusterSpec;
import io.grape.node.demo.cluster.LocalCluster;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.BitSet;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Three processes on loopback; each is killed in turn with SIGKILL, at moments drawn by a seed, while writes go on.
 *
 * <p>The moments are counted in acknowledged writes, so a run with the same seed kills at the same counts; what the
 * machine does meanwhile is not under the seed. {@code -Dgrape.seed=N} repeats a run.
 */
class KillEachNodeSystemTest {
    private static final int NODES = 3;
    private static final int KILLS = 10;
    private static final int WRITES_PER_SECOND = 500;

    /** Sixteen starts on a few cores: the first compiler alone makes each of them a third cheaper. */
    private static final List<String> NODE_JVM =
            List.of("-Xms32m", "-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(30);

    private final long seed = Long.getLong("grape.seed", 20_261_123L);
    private final SplittableRandom random = new SplittableRandom(seed);

    @TempDir
    private Path directory;

    @Test
    @DisplayName("everyAcknowledgedWriteIsThereAfterTenKills (N=3, RF=3, sync=force)")
    void everyAcknowledgedWriteIsThereAfterTenKills() throws IOException {
        WordVectors words = Repository.words(1000);
        ClusterSpec spec = new ClusterSpec(NODES, directory, GrapeCli.class.getName(), "force", NODE_JVM);
        try (LocalCluster cluster = LocalCluster.create(spec, false)) {
            cluster.startAll();
            try (GrapeClient client = ClusterWatch.connect(cluster, PATIENCE, REQUEST_TIMEOUT)) {
                ClusterWatch watch = new ClusterWatch(cluster, client);
                watch.awaitLeader(PATIENCE);
                CollectionInfo collection = client.createCollection("kills", words.dimension(), Metric.COSINE);
                BitSet acknowledged;
                try (WriteStream stream = new WriteStream(client, collection, words, WRITES_PER_SECOND)) {
                    stream.start();
                    for (int kill = 0; kill < KILLS; kill++) {
                        killAndRestart(cluster, watch, stream, 1 + kill % NODES);
                    }
                    awaitMoreWrites(stream, 100);
                    acknowledged = stream.stop();
                }
                readBackFromEachNode(watch, client, words, collection, acknowledged);

                // All at once: now only the disks know.
                for (int nodeId = 1; nodeId <= NODES; nodeId++) {
                    cluster.kill(nodeId);
                }
                cluster.startAll();
                watch.awaitLeader(PATIENCE);
                readBackFromEachNode(watch, client, words, collection, acknowledged);
            }
        }
    }

    private void killAndRestart(LocalCluster cluster, ClusterWatch watch, WriteStream stream, int nodeId)
            throws IOException {
        awaitMoreWrites(stream, random.nextInt(50, 400));
        cluster.kill(nodeId);
        // The other two are a majority: writes must go on while the node is dead.
        awaitMoreWrites(stream, random.nextInt(1, 300));
        cluster.start(nodeId);
        // Every other time the next kill may come before this node has caught up.
        if (random.nextBoolean()) {
            Await.until(
                    "node " + nodeId + " back; seed " + seed,
                    PATIENCE,
                    () -> watch.status(nodeId).isPresent());
        }
    }

    private void awaitMoreWrites(WriteStream stream, int count) {
        long target = stream.acknowledgedCount() + count;
        Await.until(
                count + " more acknowledged writes; seed " + seed,
                PATIENCE,
                () -> stream.acknowledgedCount() >= target);
    }

    private void readBackFromEachNode(
            ClusterWatch watch, GrapeClient client, WordVectors words, CollectionInfo collection, BitSet acknowledged) {
        watch.awaitSameState(PATIENCE);
        assertThat(acknowledged.cardinality()).isGreaterThan(KILLS * 50);
        for (int nodeId = 1; nodeId <= NODES; nodeId++) {
            ReadBack.Result result = new ReadBack(words).check(client.node(nodeId), collection, acknowledged);
            assertThat(result.checked()).isEqualTo(acknowledged.cardinality());
            assertThat(result.absent())
                    .as("lost on node %d; seed %d", nodeId, seed)
                    .isEmpty();
            assertThat(result.wrong())
                    .as("different on node %d; seed %d", nodeId, seed)
                    .isEmpty();
        }
    }
}
