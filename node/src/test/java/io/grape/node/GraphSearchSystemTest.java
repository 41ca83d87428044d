package io.grape.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grape.client.ClientConfig;
import io.grape.client.CollectionInfo;
import io.grape.client.Consistency;
import io.grape.client.GrapeClient;
import io.grape.client.PointBatch;
import io.grape.client.SearchHit;
import io.grape.client.SearchOptions;
import io.grape.client.SearchResult;
import io.grape.codecs.GrapeException;
import io.grape.codecs.sbe.ErrorCode;
import io.grape.codecs.sbe.Metric;
import io.grape.node.config.IndexSettings;
import io.grape.node.config.NodeConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node with a graph: what is approximate says so, what is exact is, and a restart needs no new graph. */
class GraphSearchSystemTest {
    private static final int DIMENSION = 16;
    private static final int POINTS = 1_500;
    private static final int BATCH = 250;
    private static final int K = 10;

    @TempDir
    private Path directory;

    private GrapeNode node;

    @Test
    void searchesGoThroughTheGraphWhichOutlivesARestartAndObeysTheOptions() throws Exception {
        try (GrapeClient client = start()) {
            CollectionInfo points = client.createCollection("points", DIMENSION, Metric.EUCLIDEAN);
            for (int first = 0; first < POINTS; first += BATCH) {
                PointBatch batch = new PointBatch(DIMENSION);
                for (int id = first; id < first + BATCH; id++) {
                    batch.add(id, vector(id));
                }
                client.upsert(points, batch);
            }
            awaitLinked(client, points);
            assertNearlyTheSame(client, points);
            assertOptions(client, points);
            assertRefusals(client, points);
        } finally {
            node.close();
        }
        assertThat(Files.exists(store().resolve("graph.manifest"))).isTrue();

        try (GrapeClient client = start()) {
            CollectionInfo points = client.collection("points");
            SearchResult first = client.search(points, vector(7), K, Consistency.LINEARIZABLE);
            assertThat(first.exact()).isFalse();
            assertThat(first.scanned()).isZero();
            assertNearlyTheSame(client, points);
            client.upsert(points, new PointBatch(DIMENSION).add(POINTS, vector(POINTS)));
            assertThat(client.search(points, vector(POINTS), 1, Consistency.LINEARIZABLE)
                            .hits())
                    .extracting(SearchHit::id)
                    .containsExactly((long) POINTS);
        } finally {
            node.close();
        }
    }

    private GrapeClient start() {
        NodeConfig base = NodeConfig.single(directory, TestPorts.free());
        node = GrapeNode.launch(base.withIndex(new IndexSettings(true, 500, 64)));
        return GrapeClient.connect(ClientConfig.of(node.config().endpoint()));
    }

    private Path store() throws Exception {
        try (var found = Files.find(directory, 6, (path, attributes) -> path.endsWith("segment-0"))) {
            return found.findFirst().orElseThrow().getParent();
        }
    }

    private static void awaitLinked(GrapeClient client, CollectionInfo points) {
        long begunNs = System.nanoTime();
        SearchResult result = client.search(points, vector(1), 1, Consistency.LOCAL);
        while (result.exact() || result.scanned() > 0) {
            assertThat(Duration.ofNanos(System.nanoTime() - begunNs)).isLessThan(Duration.ofMinutes(1));
            result = client.search(points, vector(1), 1, Consistency.LOCAL);
        }
    }

    private static void assertNearlyTheSame(GrapeClient client, CollectionInfo points) {
        int common = 0;
        for (int query = 0; query < 20; query++) {
            float[] vector = vector(-1 - query);
            SearchResult exact = client.search(points, vector, K, Consistency.LINEARIZABLE, SearchOptions.EXACT);
            SearchResult near = client.search(points, vector, K, Consistency.LINEARIZABLE);
            assertThat(exact.exact()).isTrue();
            assertThat(near.exact()).isFalse();
            assertThat(near.ef()).isEqualTo(128);
            Set<SearchHit> expected = new HashSet<>(exact.hits());
            common += (int) near.hits().stream().filter(expected::contains).count();
        }
        assertThat(common).isGreaterThan(20 * K * 95 / 100);
    }

    private static void assertOptions(GrapeClient client, CollectionInfo points) {
        float[] query = vector(-50);
        List<SearchHit> nearest = client.search(points, query, K, Consistency.LOCAL, SearchOptions.EXACT)
                .hits();
        long[] denied = nearest.stream().limit(3).mapToLong(SearchHit::id).toArray();

        SearchResult without = client.search(points, query, K, Consistency.LOCAL, SearchOptions.EXACT.denying(denied));
        assertThat(without.hits().subList(0, K - 3)).isEqualTo(nearest.subList(3, K));
        SearchResult nearWithout =
                client.search(points, query, K, Consistency.LOCAL, SearchOptions.DEFAULT.denying(denied));
        assertThat(nearWithout.hits()).hasSize(K).doesNotContainAnyElementsOf(nearest.subList(0, 3));

        long[] allowed =
                LongStream.concat(LongStream.of(denied), LongStream.of(99_999)).toArray();
        SearchResult among =
                client.search(points, query, K, Consistency.LOCAL, SearchOptions.DEFAULT.allowing(allowed));
        assertThat(among.exact()).isTrue();
        assertThat(among.hits()).isEqualTo(nearest.subList(0, 3));
        assertThat(among.scanned()).isEqualTo(3);

        float limit = nearest.get(4).score();
        SearchResult within =
                client.search(points, query, K, Consistency.LOCAL, SearchOptions.EXACT.withScoreLimit(limit));
        assertThat(within.hits()).isEqualTo(nearest.subList(0, 5));
        assertThat(client.search(points, query, 1, Consistency.LOCAL, SearchOptions.DEFAULT.withEf(4096))
                        .ef())
                .isEqualTo(4096);
    }

    private static void assertRefusals(GrapeClient client, CollectionInfo points) {
        assertRefused(client, points, SearchOptions.DEFAULT.withEf(-1), ErrorCode.INVALID_EF);
        assertRefused(client, points, SearchOptions.DEFAULT.withEf(4097), ErrorCode.INVALID_EF);
        assertRefused(client, points, SearchOptions.DEFAULT.allowing(), ErrorCode.INVALID_FILTER);
        assertRefused(client, points, SearchOptions.DEFAULT.denying(new long[4097]), ErrorCode.INVALID_FILTER);
    }

    private static void assertRefused(
            GrapeClient client, CollectionInfo points, SearchOptions options, ErrorCode code) {
        assertThatThrownBy(() -> client.search(points, vector(0), 1, Consistency.LOCAL, options))
                .isInstanceOfSatisfying(
                        GrapeException.class, ex -> assertThat(ex.code()).isEqualTo(code));
    }

    private static float[] vector(long seed) {
        Random random = new Random(seed);
        float[] vector = new float[DIMENSION];
        for (int i = 0; i < DIMENSION; i++) {
            vector[i] = (float) random.nextGaussian();
        }
        return vector;
    }
}
