package io.grape.node.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.grape.client.ClientConfig;
import io.grape.client.CollectionInfo;
import io.grape.client.Consistency;
import io.grape.client.GrapeClient;
import io.grape.client.PointBatch;
import io.grape.codecs.sbe.Metric;
import io.grape.node.GrapeNode;
import io.grape.node.TestPorts;
import io.grape.node.cli.ExitCode;
import io.grape.node.cli.GrapeCli;
import io.grape.node.config.NodeConfig;
import io.grape.node.ingest.format.InputFiles;
import io.grape.node.ingest.format.InputFormat;
import io.grape.node.ingest.format.ReadOptions;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files into one node of this process, by the command and by its parts. */
class IngestTest {
    @TempDir
    static Path directory;

    private static String endpoint;
    private static GrapeNode node;
    private static GrapeClient client;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeAll
    static void start() {
        int port = TestPorts.free();
        node = GrapeNode.launch(NodeConfig.single(directory.resolve("data"), port));
        endpoint = "localhost:" + port;
        client = GrapeClient.connect(ClientConfig.of(endpoint));
    }

    @AfterAll
    static void stop() {
        client.close();
        node.close();
    }

    private int ingest(Path file, String collection, String... more) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        List<String> arguments =
                new ArrayList<>(List.of("ingest", file.toString(), "-c", collection, "--endpoints", endpoint));
        arguments.addAll(List.of(more));
        return GrapeCli.run(new PrintWriter(out, true), new PrintWriter(err, true), arguments.toArray(String[]::new));
    }

    private static float[][] rows(int count) {
        float[][] rows = new float[count][2];
        for (int i = 0; i < count; i++) {
            rows[i][0] = i;
            rows[i][1] = 1;
        }
        return rows;
    }

    @Test
    void theCommandMakesTheCollectionAndTakesEveryRowIn() throws IOException {
        Path file = Files.write(directory.resolve("all.fvecs"), InputFiles.fvecs(rows(3000)));
        assertThat(ingest(
                        file,
                        "all",
                        "--create",
                        "--metric",
                        "euclidean",
                        "--batch",
                        "100",
                        "--first-id",
                        "1",
                        "--json"))
                .as("%s", err)
                .isEqualTo(ExitCode.OK);
        assertThat(out.toString())
                .contains("\"rows\":3000", "\"points\":3000", "\"rejected\":0", "\"batches\":30", "\"duplicates\":0");
        CollectionInfo all = client.collection("all");
        assertThat(all.points()).isEqualTo(3000);
        assertThat(all.metric()).isEqualTo(Metric.EUCLIDEAN);
        assertThat(client.get(all, new long[] {3000}, true, Consistency.LINEARIZABLE)
                        .points()
                        .getFirst()
                        .vector())
                .containsExactly(2999, 1);
        assertThat(directory.resolve("all.fvecs.all.ingest")).doesNotExist();
        assertThat(directory.resolve("all.fvecs.all.ingest.lock")).doesNotExist();
        assertThat(directory.resolve("all.fvecs.all.rejects.jsonl")).doesNotExist();
    }

    @Test
    void rowsThatCannotBeUsedAreToldWithTheirReasonsAndTheOthersAreIn() throws IOException {
        Path file = Files.writeString(
                directory.resolve("some.jsonl"),
                "{\"id\":1,\"vector\":[1,2],\"payload\":\"one\"}\n{\"id\":2,\"vector\":[0,0]}\n{\"id\":3,\"vector\":[1]}\n"
                        + "{\"id\":4,\"vector\":[1,1e60]}\nnothing\n{\"id\":6,\"vector\":[6,6],\"payload\":\""
                        + "x".repeat(70_000) + "\"}\n{\"id\":7,\"vector\":[7,7]}\n");
        assertThat(ingest(file, "some", "--create")).as("%s", err).isEqualTo(ExitCode.CHECK_FAILED);
        assertThat(out.toString()).contains("2 points of 7 rows are in 'some'", "5 rows could not be used");
        assertThat(Files.readAllLines(directory.resolve("some.jsonl.some.rejects.jsonl")))
                .satisfiesExactly(
                        line -> assertThat(line).contains("\"row\":1,\"line\":2,\"id\":\"2\",\"code\":\"ZERO_VECTOR\""),
                        line -> assertThat(line).contains("DIMENSION_MISMATCH"),
                        line -> assertThat(line).contains("NOT_FINITE"),
                        line -> assertThat(line).contains("\"line\":5", "MALFORMED_MESSAGE", "not JSON"),
                        line -> assertThat(line).contains("PAYLOAD_TOO_LARGE"));
        assertThat(client.collection("some").points()).isEqualTo(2);
    }

    @Test
    void theCommandSaysWhyItCannotBegin() throws IOException {
        Path file = Files.write(directory.resolve("no.fvecs"), InputFiles.fvecs(rows(1)));
        assertThat(ingest(file, "absent")).isEqualTo(ExitCode.REFUSED);
        assertThat(err.toString()).contains("UNKNOWN_COLLECTION");
        assertThat(ingest(directory.resolve("none.fvecs"), "absent")).isEqualTo(ExitCode.FAULT);
        assertThat(ingest(file, "absent", "--resume")).isEqualTo(ExitCode.CONFIGURATION);
        assertThat(err.toString()).contains("no earlier run");
        assertThat(ingest(file, "absent", "--resume", "--restart")).isEqualTo(ExitCode.CONFIGURATION);
        assertThat(ingest(file, "absent", "--max-search-p99", "2")).isEqualTo(ExitCode.USAGE);
        assertThat(ingest(file, "absent", "--in-flight", "129")).isEqualTo(ExitCode.CONFIGURATION);
        client.createCollection("three", 3, Metric.DOT);
        assertThat(ingest(file, "three")).isEqualTo(ExitCode.REFUSED);
        assertThat(err.toString()).contains("DIMENSION_MISMATCH", "2 components", "is for 3");
        Path torn = Files.write(directory.resolve("torn.fvecs"), new byte[] {2, 0, 0, 0, 1});
        assertThat(ingest(torn, "three")).isEqualTo(ExitCode.FAULT);
        assertThat(err.toString()).contains("DATA_CORRUPT", "torn.fvecs");
    }

    @Test
    void aRunIsPacedAndWatchesSearches() throws IOException {
        Path file = Files.write(directory.resolve("paced.fvecs"), InputFiles.fvecs(rows(900)));
        assertThat(ingest(
                        file,
                        "paced",
                        "--create",
                        "--batch",
                        "50",
                        "--max-rate",
                        "600",
                        "--max-search-p99",
                        "1s",
                        "--json"))
                .as("%s", err)
                .isEqualTo(ExitCode.OK);
        assertThat(out.toString()).contains("\"points\":900").contains("\"searchP99Ms\":");
    }

    private FileIngest run(GrapeClient writer, CollectionInfo collection, Path file, IngestCheckpoint from) {
        IngestPlan plan = new IngestPlan(
                file, InputFormat.FVECS, ReadOptions.DEFAULTS, collection.name(), 20, writer.maxMessageLength(), 0);
        IngestSettings settings = new IngestSettings(
                8,
                Double.POSITIVE_INFINITY,
                null,
                Duration.ofSeconds(60),
                Duration.ofHours(1),
                directory.resolve(collection.name() + ".state"),
                directory.resolve(collection.name() + ".rejects"));
        return new FileIngest(
                writer, collection, plan, settings, new IngestProgress(new PrintWriter(err), false, 0), from, true);
    }

    private static GrapeClient identity(long clientId, long firstSequence) {
        return GrapeClient.connect(ClientConfig.builder()
                .endpoint(endpoint)
                .clientId(clientId)
                .firstSequence(firstSequence)
                .build());
    }

    @Test
    void whatARunBeforeTheKillHadWrittenIsNotWrittenAgain() throws IOException {
        Path file = Files.write(directory.resolve("killed.fvecs"), InputFiles.fvecs(rows(1000)));
        CollectionInfo killed = client.createCollection("killed", 2, Metric.EUCLIDEAN);
        IngestCheckpoint begin = IngestCheckpoint.begin("f", 4711);
        try (GrapeClient writer = identity(4711, 1)) {
            assertThat(run(writer, killed, file, begin).run().batches()).isEqualTo(50);
        }
        // Somebody changes a point meanwhile: written again, it would be as the file has it.
        client.upsert(killed, new PointBatch(2).add(777, new float[] {-1, -1}));

        // The run knew nothing of its end: its checkpoint is the first one.
        try (GrapeClient writer = identity(4711, 1)) {
            IngestResult again = run(writer, killed, file, begin).run();
            assertThat(again.duplicates()).isEqualTo(50);
            assertThat(again.points()).isEqualTo(1000);
        }
        IngestCheckpoint middle = new IngestCheckpoint("f", 4712, 0, List.of(3L), 0, 0, 0, 0, 0);
        try (GrapeClient writer = identity(4711, 21)) {
            IngestResult rest = run(
                            writer, killed, file, new IngestCheckpoint("f", 4711, 0, List.of(), 20, 400, 400, 0, 0))
                    .run();
            assertThat(rest.resumedFromRow()).isEqualTo(400);
            assertThat(rest.duplicates()).isEqualTo(30);
            assertThat(rest.runPoints()).isEqualTo(600);
        }
        assertThat(client.get(killed, new long[] {777}, true, Consistency.LINEARIZABLE)
                        .points()
                        .getFirst()
                        .vector())
                .containsExactly(-1, -1);
        assertThat(middle.isSkipped(3)).isTrue();
    }

    @Test
    void aCheckpointOfOtherOptionsIsRefusedAndRestartForgetsIt() throws IOException {
        Path file = Files.write(directory.resolve("other.fvecs"), InputFiles.fvecs(rows(10)));
        IngestCheckpoint.begin("another", 5).save(directory.resolve("other.fvecs.other.ingest"));
        assertThat(ingest(file, "other", "--create")).isEqualTo(ExitCode.CONFIGURATION);
        assertThat(err.toString()).contains("--restart");
        assertThat(ingest(file, "other", "--restart")).as("%s", err).isEqualTo(ExitCode.OK);
        assertThat(client.collection("other").points()).isEqualTo(10);
    }

    @Test
    void aRunThatIsRefusedSaysHowFarItIsAndTheNextGoesOn() throws IOException {
        Path file = Files.write(directory.resolve("gone.fvecs"), InputFiles.fvecs(rows(100)));
        CollectionInfo gone = client.createCollection("gone", 2, Metric.EUCLIDEAN);
        client.dropCollection("gone");
        IngestCheckpoint begin = IngestCheckpoint.begin("f", 99);
        try (GrapeClient writer = identity(99, 1)) {
            FileIngest refused = run(writer, gone, file, begin);
            org.assertj.core.api.Assertions.assertThatThrownBy(refused::run)
                    .hasMessageContaining("The first 0 rows are in; run the same command again");
        }
        IngestCheckpoint next = IngestCheckpoint.load(directory.resolve("gone.state"));
        assertThat(next.clientId()).isNotEqualTo(99);
        CollectionInfo back = client.createCollection("gone", 2, Metric.EUCLIDEAN);
        try (GrapeClient writer = identity(next.clientId(), next.sequenceOf(next.batches()))) {
            assertThat(run(writer, back, file, next).run().points()).isEqualTo(100);
        }
    }
}
