package io.grape.node.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.grape.client.ClientConfig;
import io.grape.client.CollectionInfo;
import io.grape.client.Consistency;
import io.grape.client.GrapeClient;
import io.grape.client.PointBatch;
import io.grape.codecs.sbe.Metric;
import io.grape.node.GrapeNode;
import io.grape.node.TestPorts;
import io.grape.node.config.CheckpointSettings;
import io.grape.node.config.JournalSettings;
import io.grape.node.config.NodeConfig;
import io.grape.node.demo.cluster.Await;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A backup of a running node, restored to a node of a new life. */
class BackupCommandTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    private Path directory;

    @Test
    void aBackupOfARunningNodeIsRestoredWithEveryPointAndDamageIsRefused() throws IOException {
        Path data = directory.resolve("data");
        Path backup = directory.resolve("backup");
        int port = TestPorts.free();
        NodeConfig usual = NodeConfig.single(data, port);
        NodeConfig eager = new NodeConfig(
                usual.nodeId(),
                usual.members(),
                data,
                usual.syncPolicy(),
                usual.timing(),
                new JournalSettings(4, 1, new CheckpointSettings(10, 64, 300, 0, 64)),
                usual.aeron(),
                usual.limits(),
                usual.groups(),
                usual.index());
        try (GrapeNode node = GrapeNode.launch(eager);
                GrapeClient client = connect(port)) {
            assertThat(node.config().nodeId()).isZero();
            CollectionInfo points = client.createCollection("points", 2, Metric.EUCLIDEAN);
            for (int id = 0; id < 50; id++) {
                client.upsert(points, new PointBatch(2).add(id, new float[] {id, 1}));
            }
            Await.until(
                    "a checkpoint",
                    PATIENCE,
                    () -> Files.isDirectory(data.resolve("checkpoints/1"))
                            && run("backup", "--data", data.toString(), backup.toString()) == ExitCode.OK);
            assertThat(run("backup", "--data", data.toString(), backup.toString()))
                    .isEqualTo(ExitCode.CONFIGURATION);
            assertThat(err.toString()).contains("is not empty");
        }

        assertThat(run("checkpoint", "verify", data.toString())).isEqualTo(ExitCode.OK);
        assertThat(run("checkpoint", "verify", backup.toString())).isEqualTo(ExitCode.OK);
        Path restored = directory.resolve("restored");
        assertThat(run("restore", backup.toString(), "--data", restored.toString(), "--as-single", "0"))
                .isEqualTo(ExitCode.OK);
        assertThat(restored.resolve("node.identity")).doesNotExist();
        assertThat(restored.resolve("journal")).doesNotExist();
        int held = held(restored);
        assertThat(held).as(out.toString()).isBetween(1, 50);
        assertThat(out.toString()).contains("restored 1 collections, " + held + " points");

        Path segment = backup.resolve("collections").resolve("1").resolve("1").resolve("segment-0");
        try (FileChannel channel = FileChannel.open(segment, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(new byte[] {77}), 70);
        }
        assertThat(run(
                        "restore",
                        backup.toString(),
                        "--data",
                        directory.resolve("other").toString()))
                .isEqualTo(ExitCode.FAULT);
        assertThat(err.toString()).contains("segment-0", "offset 0", "expected CRC32C", "found 0x");
        assertThat(directory.resolve("other").resolve("checkpoints").resolve("1"))
                .isEmptyDirectory();
    }

    private static int held(Path data) {
        int port = TestPorts.free();
        try (GrapeNode node = GrapeNode.launch(NodeConfig.single(data, port));
                GrapeClient client = connect(port)) {
            assertThat(node.config().nodeId()).isZero();
            CollectionInfo points = client.collection("points");
            int found = client.search(points, new float[] {0, 1}, 100, Consistency.LINEARIZABLE)
                    .hits()
                    .size();
            client.upsert(points, new PointBatch(2).add(1000, new float[] {1000, 1}));
            assertThat(client.search(points, new float[] {0, 1}, 100, Consistency.LINEARIZABLE)
                            .hits())
                    .hasSize(found + 1);
            return found;
        }
    }

    private static GrapeClient connect(int port) {
        return GrapeClient.connect(ClientConfig.builder()
                .endpoints(List.of("localhost:" + port))
                .requestTimeout(PATIENCE)
                .build());
    }

    private int run(String... arguments) {
        return GrapeCli.run(new PrintWriter(out, true), new PrintWriter(err, true), arguments);
    }
}
