package io.grape.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.grape.client.ClientConfig;
import io.grape.client.CollectionInfo;
import io.grape.client.Consistency;
import io.grape.client.GrapeClient;
import io.grape.client.PointBatch;
import io.grape.codecs.GrapeException;
import io.grape.codecs.sbe.Metric;
import io.grape.node.cli.ExitCode;
import io.grape.node.cli.GrapeCli;
import io.grape.node.config.MemberConfig;
import io.grape.node.config.NodeConfig;
import io.grape.node.demo.cluster.Await;
import io.grape.raft.core.Formation;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node that serves alone becomes one of three, without a restart, and is not needed any more then. */
class GrowingClusterTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int POINTS = 200;

    @TempDir
    private Path directory;

    private final List<MemberConfig> members = new ArrayList<>();

    private GrapeNode launch(int nodeId) {
        NodeConfig usual = NodeConfig.single(directory.resolve("n" + nodeId), 9);
        List<MemberConfig> known = nodeId == 0 ? members.subList(0, 1) : members;
        return GrapeNode.launch(
                new NodeConfig(
                        nodeId,
                        known,
                        usual.dataDirectory(),
                        usual.syncPolicy(),
                        usual.timing(),
                        usual.journal(),
                        usual.aeron(),
                        usual.limits(),
                        usual.groups(),
                        usual.index()),
                Formation.ALL_MEMBERS);
    }

    @Test
    void aNodeThatServesAloneGrowsToThreeAndMayGo() {
        for (int nodeId = 0; nodeId < 3; nodeId++) {
            members.add(new MemberConfig(nodeId, "localhost:" + TestPorts.free(), nodeId > 0));
        }
        GrapeNode first = launch(0);
        try (GrapeClient client = connect(0)) {
            CollectionInfo points = client.createCollection("points", 1, Metric.EUCLIDEAN);
            write(client, points, 0);
            StringWriter out = new StringWriter();
            for (int nodeId = 1; nodeId < 3; nodeId++) {
                String endpoint = members.get(nodeId).endpoint();
                assertThat(run(
                                out,
                                "node",
                                "add",
                                Integer.toString(nodeId),
                                endpoint,
                                "--endpoints",
                                members.getFirst().endpoint()))
                        .as(out.toString())
                        .isEqualTo(ExitCode.OK);
            }
            try (GrapeNode second = launch(1);
                    GrapeNode third = launch(2)) {
                awaitCaughtUp(client, 1);
                awaitCaughtUp(client, 2);
                write(client, points, POINTS);
                assertThat(run(
                                out,
                                "node",
                                "list",
                                "--endpoints",
                                members.getFirst().endpoint()))
                        .isEqualTo(ExitCode.OK);
                assertThat(out.toString()).contains("node 1 joins at", "node 2", "group 1: leads");
                first.close();
                Await.until("a leader without node 0", PATIENCE, () -> second.leaderNodeId() > 0);
                assertThat(third.config().nodeId()).isEqualTo(2);
                write(client, points, 2 * POINTS);
                long[] ids = LongStream.range(0, 3 * POINTS).toArray();
                assertThat(client.get(points, ids, false, Consistency.LINEARIZABLE)
                                .presentCount())
                        .isEqualTo(3 * POINTS);
                try (GrapeNode again = launch(0)) {
                    Await.until("node 0 again", PATIENCE, () -> points(client, 0) == 3 * POINTS);
                    assertThat(again.config().founders()).containsExactly(0);
                    client.admin().removeNode(0);
                    client.admin().removeNode(2);
                    awaitLeft(client, points);
                }
                third.close();
                write(client, points, 5 * POINTS);
            }
        } finally {
            first.close();
        }
    }

    /** Nodes 0 and 2 are told nothing more; each round writes a point more. */
    private static void awaitLeft(GrapeClient client, CollectionInfo points) {
        int[] written = {3 * POINTS};
        Await.until("nodes 0 and 2 to have left", PATIENCE, () -> {
            client.upsert(points, new PointBatch(1).add(++written[0], new float[] {1}));
            return points(client, 0) < written[0] - 20 && points(client, 2) < written[0] - 20;
        });
    }

    private static long points(GrapeClient client, int nodeId) {
        try {
            return client.node(nodeId).status().points();
        } catch (GrapeException notThere) {
            return -1;
        }
    }

    private static void write(GrapeClient client, CollectionInfo points, int from) {
        PointBatch batch = new PointBatch(1);
        for (int id = from; id < from + POINTS; id++) {
            batch.add(id, new float[] {id});
        }
        assertThat(client.upsert(points, batch).changed()).isEqualTo(POINTS);
    }

    /** A voter of both groups: the leader's commits reach it, and it holds every point. */
    private static void awaitCaughtUp(GrapeClient client, int nodeId) {
        Await.until("node " + nodeId, PATIENCE, () -> {
            try {
                return client.memberIds().contains(nodeId)
                        && client.node(nodeId).status().points() == POINTS;
            } catch (GrapeException notYet) {
                return false;
            }
        });
    }

    private GrapeClient connect(int nodeId) {
        return GrapeClient.connect(ClientConfig.builder()
                .endpoint(members.get(nodeId).endpoint())
                .requestTimeout(Duration.ofSeconds(30))
                .build());
    }

    private static int run(StringWriter out, String... arguments) {
        return GrapeCli.run(new PrintWriter(out, true), new PrintWriter(out, true), arguments);
    }
}
