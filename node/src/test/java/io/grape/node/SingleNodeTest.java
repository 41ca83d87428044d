package io.grape.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grape.client.ClientConfig;
import io.grape.client.CollectionInfo;
import io.grape.client.Consistency;
import io.grape.client.GetResult;
import io.grape.client.GrapeClient;
import io.grape.client.NodeStatus;
import io.grape.client.PointBatch;
import io.grape.client.SearchResult;
import io.grape.client.WriteResult;
import io.grape.codecs.GrapeException;
import io.grape.codecs.sbe.ErrorCode;
import io.grape.codecs.sbe.Metric;
import io.grape.node.config.JournalSettings;
import io.grape.node.config.NodeConfig;
import io.grape.node.config.NodeLimits;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** One node in this process, spoken to as a user would. The node is started once; each test has a collection of its own. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class SingleNodeTest {
    @TempDir
    static Path directory;

    private static int port;
    private static GrapeNode node;
    private static GrapeClient client;

    @BeforeAll
    static void start() {
        port = TestPorts.free();
        node = GrapeNode.launch(NodeConfig.single(directory, port));
        client = GrapeClient.connect(ClientConfig.of("localhost:" + port));
    }

    @AfterAll
    static void stop() {
        client.close();
        node.close();
    }

    @Test
    @Order(1)
    void storesFindsReplacesAndDeletesPoints() {
        CollectionInfo words = client.createCollection("words", 2, Metric.EUCLIDEAN);
        WriteResult written = client.upsert(
                words,
                new PointBatch(2)
                        .add(1, new float[] {0, 0}, bytes("origin"))
                        .add(2, new float[] {3, 4}, bytes("five"))
                        .add(3, new float[] {1, 0}));
        assertThat(written.changed()).isEqualTo(3);

        SearchResult near = client.search(words, new float[] {0, 0}, 2, Consistency.LINEARIZABLE);
        assertThat(near.hits()).extracting(hit -> hit.id()).containsExactly(1L, 3L);
        assertThat(near.hits().get(1).score()).isEqualTo(1.0f);

        client.upsert(words, new PointBatch(2).add(3, new float[] {30, 40}));
        assertThat(client.delete(words, 1, 99).changed()).isEqualTo(1);
        SearchResult far = client.search(words, new float[] {0, 0}, 10, Consistency.LINEARIZABLE);
        assertThat(far.hits()).extracting(hit -> hit.id()).containsExactly(2L, 3L);
        assertThat(far.hits()).extracting(hit -> hit.score()).containsExactly(5.0f, 50.0f);

        GetResult got = client.get(words, new long[] {2, 1}, true, Consistency.LINEARIZABLE);
        assertThat(got.points().get(0).vector()).containsExactly(3, 4);
        assertThat(got.points().get(0).payload()).isEqualTo(bytes("five"));
        assertThat(got.points().get(1).isPresent()).isFalse();
    }

    @Test
    @Order(2)
    void createIsIdempotentForTheSameShapeAndRefusedForAnother() {
        CollectionInfo first = client.createCollection("twice", 3, Metric.DOT);
        CollectionInfo second = client.createCollection("twice", 3, Metric.DOT);
        assertThat(second.id()).isEqualTo(first.id());
        assertRefused(() -> client.createCollection("twice", 4, Metric.DOT), ErrorCode.COLLECTION_EXISTS);
        assertRefused(() -> client.createCollection("Twice", 4, Metric.DOT), ErrorCode.INVALID_COLLECTION);
        assertRefused(() -> client.createCollection("wide", 4097, Metric.DOT), ErrorCode.INVALID_COLLECTION);
        assertThat(client.listCollections()).extracting(CollectionInfo::name).contains("twice");
        client.dropCollection("twice");
        assertThat(client.listCollections()).extracting(CollectionInfo::name).doesNotContain("twice");
        assertRefused(() -> client.upsert(first, new PointBatch(3).add(1, new float[3])), ErrorCode.UNKNOWN_COLLECTION);
        assertRefused(() -> client.search(first, new float[3], 1, Consistency.LOCAL), ErrorCode.UNKNOWN_COLLECTION);
    }

    @Test
    @Order(3)
    void refusesBadVectorsAndStoresNothingOfTheirBatch() {
        CollectionInfo dot = client.createCollection("bad-dot", 2, Metric.DOT);
        CollectionInfo cosine = client.createCollection("bad-cosine", 2, Metric.COSINE);
        assertRefused(() -> client.upsert(dot, new PointBatch(3).add(1, new float[3])), ErrorCode.DIMENSION_MISMATCH);
        for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
            PointBatch batch = new PointBatch(2).add(1, new float[] {1, 1}).add(2, new float[] {1, bad});
            assertRefused(() -> client.upsert(dot, batch), ErrorCode.NOT_FINITE);
        }
        assertRefused(() -> client.upsert(cosine, new PointBatch(2).add(1, new float[2])), ErrorCode.ZERO_VECTOR);
        assertRefused(() -> client.upsert(dot, new PointBatch(2)), ErrorCode.EMPTY_BATCH);
        assertThat(client.collection("bad-dot").points()).isZero();
        assertThat(client.upsert(dot, new PointBatch(2).add(1, new float[2])).changed())
                .as("a zero vector is fine where it has a meaning")
                .isOne();
    }

    @Test
    @Order(3)
    void writesAPointOnlyInTheVersionThatWasRead() {
        CollectionInfo collection = client.createCollection("conditional", 1, Metric.DOT);
        float[] vector = {1};
        long first = client.upsert(collection, new PointBatch(1).add(7, vector).ifAbsent())
                .position()
                .index();
        assertThat(client.get(collection, new long[] {7}, false, Consistency.LINEARIZABLE)
                        .points())
                .singleElement()
                .satisfies(point -> assertThat(point.version()).isEqualTo(first));
        PointBatch swap = new PointBatch(1).add(8, vector).add(7, vector).ifVersion(first);
        assertThat(client.upsert(collection, swap).changed()).isEqualTo(2);
        assertRefused(() -> client.upsert(collection, swap), ErrorCode.VERSION_MISMATCH);
        assertThatThrownBy(() ->
                        client.deleteIf(collection, new long[] {8, 7}, new long[] {PointBatch.ANY_VERSION, first}))
                .hasMessageContaining("point 1 of the batch, counted from 0, has version ")
                .hasMessageContaining("nothing of the batch was done");
        assertThat(client.collection("conditional").points()).isEqualTo(2);
    }

    @Test
    @Order(4)
    void refusesBadSearches() {
        CollectionInfo cosine = client.createCollection("bad-search", 2, Metric.COSINE);
        float[] query = {1, 0};
        assertRefused(() -> client.search(cosine, query, 0, Consistency.LOCAL), ErrorCode.INVALID_K);
        assertRefused(() -> client.search(cosine, query, 1_000_000, Consistency.LOCAL), ErrorCode.INVALID_K);
        assertRefused(() -> client.search(cosine, new float[3], 1, Consistency.LOCAL), ErrorCode.DIMENSION_MISMATCH);
        assertRefused(
                () -> client.search(cosine, new float[] {Float.NaN, 0}, 1, Consistency.LOCAL), ErrorCode.NOT_FINITE);
        assertRefused(() -> client.search(cosine, new float[2], 1, Consistency.LOCAL), ErrorCode.ZERO_VECTOR);
        assertThat(client.search(cosine, query, 1, Consistency.LOCAL).hits()).isEmpty();
    }

    @Test
    @Order(5)
    void refusesABatchAboveTheLimit() {
        CollectionInfo dot = client.createCollection("big", 2, Metric.DOT);
        PointBatch batch = new PointBatch(2);
        for (int i = 0; i < NodeLimits.defaults().maxBatchPoints() + 1; i++) {
            batch.add(i, new float[2]);
        }
        assertRefused(() -> client.upsert(dot, batch), ErrorCode.BATCH_TOO_LARGE);
    }

    @Test
    @Order(6)
    void readsAtAPositionSeeTheWriteThatGaveIt() {
        CollectionInfo dot = client.createCollection("positions", 2, Metric.DOT);
        for (int i = 1; i <= 50; i++) {
            WriteResult written = client.upsert(dot, new PointBatch(2).add(i, new float[] {i, i}));
            SearchResult found = client.search(dot, new float[] {1, 1}, 1, Consistency.atLeast(written.position()));
            assertThat(found.hits().getFirst().id()).isEqualTo(i);
        }
    }

    @Test
    @Order(7)
    void aPortInUseIsSaidByNameBeforeAnythingStarts() {
        assertRefused(
                () -> GrapeNode.launch(NodeConfig.single(directory.resolve("other"), port)), ErrorCode.PORT_IN_USE);
    }

    @Test
    @Order(8)
    void aDirectoryInUseIsRefused() {
        assertRefused(() -> GrapeNode.launch(NodeConfig.single(directory, TestPorts.free())), ErrorCode.DATA_LOCKED);
    }

    @Test
    @Order(9)
    void tooLittleDiskIsSaidBeforeTheNodeServes() {
        NodeConfig base = NodeConfig.single(directory.resolve("small"), TestPorts.free());
        NodeConfig greedy = new NodeConfig(
                base.nodeId(),
                base.members(),
                base.dataDirectory(),
                base.syncPolicy(),
                base.timing(),
                new JournalSettings(4, Integer.MAX_VALUE),
                base.aeron(),
                base.limits(),
                base.groups(),
                base.index());
        assertRefused(() -> GrapeNode.launch(greedy), ErrorCode.DISK_SPACE);
    }

    @Test
    @Order(10)
    void everythingIsThereAfterARestart() throws Exception {
        CollectionInfo kept = client.createCollection("kept", 2, Metric.EUCLIDEAN);
        for (int i = 0; i < 300; i++) {
            client.upsert(kept, new PointBatch(2).add(i % 100, new float[] {i, 1}, bytes("p" + i)));
        }
        NodeStatus before = client.status();
        client.close();
        node.close();
        node.awaitShutdown();

        start();
        CollectionInfo again = client.collection("kept");
        assertThat(again.points()).isEqualTo(100);
        GetResult got = client.get(again, new long[] {0, 99}, true, Consistency.LINEARIZABLE);
        assertThat(got.points().get(0).vector()).containsExactly(200, 1);
        assertThat(got.points().get(1).payload()).isEqualTo(bytes("p299"));
        NodeStatus after = client.status();
        assertThat(after.stateHash()).isEqualTo(before.stateHash());
        assertThat(after.points()).isEqualTo(before.points());
        assertThat(after.syncPolicy()).isEqualTo("force");
        assertThat(after.leaderNodeId()).isEqualTo(node.leaderNodeId()).isZero();
    }

    @Test
    @Order(11)
    void refusesADirectoryOfAnotherNodeOrANewerFormat() throws Exception {
        Path foreign = Files.createDirectories(directory.resolve("foreign"));
        Files.writeString(foreign.resolve("node.identity"), "format=3\nnode=7\nincarnation=1\n");
        assertRefused(
                () -> GrapeNode.launch(NodeConfig.single(foreign, TestPorts.free())),
                ErrorCode.DATA_OWNED_BY_OTHER_NODE);
        Path newer = Files.createDirectories(directory.resolve("newer"));
        Files.writeString(newer.resolve("node.identity"), "format=99\nnode=0\nincarnation=1\n");
        assertRefused(
                () -> GrapeNode.launch(NodeConfig.single(newer, TestPorts.free())), ErrorCode.DATA_FORMAT_UNSUPPORTED);
        assertThat(List.of(foreign, newer))
                .allSatisfy(path -> assertThat(path.resolve("journal")).doesNotExist());
    }

    private static void assertRefused(ThrowingCallable call, ErrorCode code) {
        assertThatThrownBy(call).isInstanceOfSatisfying(GrapeException.class, ex -> {
            assertThat(ex.code()).isEqualTo(code);
            assertThat(ex.getMessage()).isNotBlank();
        });
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
