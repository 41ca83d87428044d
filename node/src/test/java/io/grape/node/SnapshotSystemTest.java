package io.grape.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.grape.client.ClientConfig;
import io.grape.client.CollectionInfo;
import io.grape.client.GetResult;
import io.grape.client.GrapeClient;
import io.grape.client.PointBatch;
import io.grape.client.WriteResult;
import io.grape.codecs.sbe.Metric;
import io.grape.node.checkpoint.CheckpointCounters;
import io.grape.node.config.AeronSettings;
import io.grape.node.config.CheckpointSettings;
import io.grape.node.config.GroupSettings;
import io.grape.node.config.JournalSettings;
import io.grape.node.config.MemberConfig;
import io.grape.node.config.NodeConfig;
import io.grape.node.config.NodeLimits;
import io.grape.node.config.NodeTiming;
import io.grape.node.demo.cluster.Await;
import io.grape.raft.journal.SyncPolicy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three nodes of this process on loopback; one of them stops while the others write and compact their logs past it. */
class SnapshotSystemTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int ENTRIES = 6_000;
    private static final int DIMENSION = 32;
    private static final int IN_FLIGHT = 64;

    @TempDir
    private Path directory;

    private final Map<Integer, GrapeNode> nodes = new TreeMap<>();
    private final List<MemberConfig> members = new ArrayList<>();

    @AfterEach
    void stopAll() {
        nodes.values().forEach(GrapeNode::close);
    }

    private void start(int nodeId) {
        NodeConfig config = new NodeConfig(
                nodeId,
                members,
                directory.resolve("n" + nodeId),
                SyncPolicy.FORCE,
                new NodeTiming(100, 2_000, 10),
                new JournalSettings(4, 1, new CheckpointSettings(1_000, 1024, 300, 200, 256)),
                AeronSettings.embedded(),
                NodeLimits.defaults(),
                new GroupSettings(1024, 1),
                io.grape.node.config.IndexSettings.defaults());
        nodes.put(nodeId, GrapeNode.launch(config));
    }

    private void stop(int nodeId) {
        GrapeNode node = nodes.remove(nodeId);
        assertThat(node).isNotNull();
        node.close();
    }

    @Test
    @DisplayName("aStoppedFollowerCatchesUpBySnapshot (N=3, 6,000 entries, logs compacted past it)")
    void aStoppedFollowerCatchesUpBySnapshot() {
        for (int nodeId = 1; nodeId <= 3; nodeId++) {
            members.add(new MemberConfig(nodeId, "localhost:" + TestPorts.free()));
        }
        members.forEach(member -> start(member.nodeId()));
        List<String> endpoints = members.stream().map(MemberConfig::endpoint).toList();
        try (GrapeClient client = GrapeClient.connect(ClientConfig.builder()
                .endpoints(endpoints)
                .requestTimeout(PATIENCE)
                .build())) {
            CollectionInfo collection = client.createCollection("points", DIMENSION, Metric.EUCLIDEAN);
            write(client, collection, 0, 100);
            int leader = client.node(1).statusAsync(1).join().leaderNodeId();
            int follower = leader % 3 + 1;
            stop(follower);
            write(client, collection, 100, ENTRIES);
            start(follower);
            CheckpointCounters counters = nodes.get(follower).checkpointCounters(1);
            Await.until("a snapshot at node " + follower, PATIENCE, () -> counters.installed() > 0);
            write(client, collection, ENTRIES, ENTRIES + 50);
            for (int id = 0; id < ENTRIES + 50; id += 37) {
                int wanted = id;
                Await.until(
                        "point " + id + " at node " + follower,
                        PATIENCE,
                        () -> holds(client, collection, follower, wanted));
            }
        }
    }

    private static boolean holds(GrapeClient client, CollectionInfo collection, int nodeId, int id) {
        GetResult got = client.node(nodeId).get(collection, new long[] {id}, true);
        return got.points().size() == 1 && got.points().get(0).vector()[0] == id;
    }

    private static void write(GrapeClient client, CollectionInfo collection, int from, int to) {
        List<CompletableFuture<WriteResult>> answers = new ArrayList<>();
        for (int id = from; id < to; id++) {
            float[] vector = new float[DIMENSION];
            vector[0] = id;
            answers.add(client.upsertAsync(collection, new PointBatch(DIMENSION).add(id, vector)));
            if (answers.size() == IN_FLIGHT || id == to - 1) {
                answers.forEach(CompletableFuture::join);
                answers.clear();
            }
        }
    }
}
