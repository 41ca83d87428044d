package io.grape.node.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.grape.client.CollectionInfo;
import io.grape.client.GrapeClient;
import io.grape.codecs.sbe.Metric;
import io.grape.node.cli.ExitCode;
import io.grape.node.cli.GrapeCli;
import io.grape.node.demo.ClusterWatch;
import io.grape.node.demo.ReadBack;
import io.grape.node.demo.Repository;
import io.grape.node.demo.WordVectors;
import io.grape.node.demo.cluster.Await;
import io.grape.node.demo.cluster.ClusterSpec;
import io.grape.node.demo.cluster.JavaCommand;
import io.grape.node.demo.cluster.LocalCluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Three processes, and {@code grape ingest} as a fourth: SIGKILL to the ingester, to the leader and to a follower in the middle.
 *
 * <p>{@code -Dgrape.ingest.file=FILE.gvec} takes a larger file in, {@code -Dgrape.ingest.rate=N} at another rate.
 */
class KilledIngestSystemTest {
    private static final Duration PATIENCE = Duration.ofSeconds(120);
    private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(30);
    private static final List<String> JVM =
            List.of("-Xms32m", "-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");

    @TempDir
    private Path directory;

    @Test
    @DisplayName("theFileIsInExactlyAfterTheIngesterTheLeaderAndAFollowerWereKilled (N=3, RF=3, sync=force)")
    void theFileIsInExactlyAfterTheIngesterTheLeaderAndAFollowerWereKilled() throws Exception {
        Path file = Path.of(
                System.getProperty("grape.ingest.file", Repository.wordFile().toString()));
        WordVectors words = WordVectors.load(file, Integer.MAX_VALUE);
        int count = words.count();
        ClusterSpec spec = new ClusterSpec(3, directory, GrapeCli.class.getName(), "force", JVM);
        try (LocalCluster cluster = LocalCluster.create(spec, false)) {
            cluster.startAll();
            try (GrapeClient client = ClusterWatch.connect(cluster, PATIENCE, REQUEST_TIMEOUT)) {
                ClusterWatch watch = new ClusterWatch(cluster, client);
                watch.awaitLeader(PATIENCE);
                client.createCollection("words", words.dimension(), Metric.COSINE);

                Process first = ingest(cluster, file);
                awaitPoints(client, first, count / 5);
                first.destroyForcibly().waitFor();
                assertThat(directory.resolve("state")).exists();

                Process second = ingest(cluster, file);
                awaitPoints(client, second, count * 2 / 5);
                int leader = client.leaderNodeId();
                cluster.kill(leader);
                awaitPoints(client, second, count * 3 / 5);
                cluster.start(leader);
                int follower = 1 + leader % 3;
                cluster.kill(follower);
                awaitPoints(client, second, count * 4 / 5);
                cluster.start(follower);
                assertThat(second.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                        .isTrue();

                String printed = Files.readString(log());
                assertThat(second.exitValue()).as(printed).isEqualTo(ExitCode.OK);
                assertThat(printed).contains("\"rows\":" + count + ",\"points\":" + count + ",\"rejected\":0");
                CollectionInfo collection = client.collection("words");
                assertThat(collection.points()).isEqualTo(count);
                readBackFromEachNode(watch, client, words, collection);
            }
        }
    }

    private Path log() {
        return directory.resolve("ingest.log");
    }

    private Process ingest(LocalCluster cluster, Path file) throws IOException {
        List<String> command = new ArrayList<>(JavaCommand.of(GrapeCli.class.getName(), JVM));
        command.addAll(List.of("ingest", file.toString(), "-c", "words", "--json"));
        command.addAll(List.of("--endpoints", String.join(",", cluster.endpoints())));
        command.addAll(List.of("--state", directory.resolve("state").toString()));
        command.addAll(List.of("--rejects", directory.resolve("rejects").toString()));
        // Slow enough for the kills to come in between on any machine.
        command.addAll(List.of("--max-rate", System.getProperty("grape.ingest.rate", "4000"), "--batch", "50"));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()))
                .start();
    }

    private static void awaitPoints(GrapeClient client, Process ingester, int points) {
        Await.until(points + " points, or the ingester's end", PATIENCE, () -> {
            return !ingester.isAlive() || client.collection("words").points() >= points;
        });
    }

    private static void readBackFromEachNode(
            ClusterWatch watch, GrapeClient client, WordVectors words, CollectionInfo collection) {
        watch.awaitSameState(PATIENCE);
        BitSet all = new BitSet();
        all.set(0, words.count());
        for (int nodeId = 1; nodeId <= 3; nodeId++) {
            ReadBack.Result result = new ReadBack(words).check(client.node(nodeId), collection, all);
            assertThat(result.checked()).isEqualTo(words.count());
            assertThat(result.absent()).as("lost on node %d", nodeId).isEmpty();
            assertThat(result.wrong()).as("different on node %d", nodeId).isEmpty();
        }
    }
}
