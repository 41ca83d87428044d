package io.grape.vectors;

import static io.grape.vectors.TestVectors.buffer;
import static io.grape.vectors.TestVectors.config;
import static io.grape.vectors.TestVectors.put;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grape.vectors.graph.GraphConfig;
import io.grape.vectors.model.Metric;
import io.grape.vectors.model.Reason;
import io.grape.vectors.model.VectorsException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class GraphSearchTest {
    private static final int K = 10;
    private static final int BEAM = 96;

    @TempDir
    Path directory;

    @ParameterizedTest
    @EnumSource(names = {"COSINE", "EUCLIDEAN"})
    void theGraphFindsNearlyAllTrueNeighboursWithTheirExactScores(Metric metric) {
        int dimension = 24;
        Random random = new Random(2);
        try (PointStore store = PointStore.open(config(directory, dimension, metric));
                GraphIndexer indexer = store.newIndexer(graphConfig(dimension));
                Searcher approximate = store.newSearcher();
                Searcher exact = store.newSearcher()) {
            for (int id = 0; id < 600; id++) {
                put(store, id, 1, clustered(random, dimension, id % 20));
            }
            drain(indexer);
            assertThat(recall(approximate, exact, random, dimension)).isGreaterThan(0.95);
        }
    }

    @Test
    void realWordVectorsAreFoundToo() throws IOException {
        int rows = 800;
        int dimension = 100;
        float[][] words = words(rows + 40, dimension);
        try (PointStore store = PointStore.open(config(directory, dimension, Metric.COSINE));
                GraphIndexer indexer = store.newIndexer(graphConfig(dimension));
                Searcher approximate = store.newSearcher();
                Searcher exact = store.newSearcher()) {
            for (int id = 0; id < rows; id++) {
                put(store, id, 1, words[id]);
            }
            drain(indexer);
            int hits = 0;
            for (int query = rows; query < words.length; query++) {
                hits += hits(approximate, exact, buffer(words[query]), BEAM);
            }
            assertThat(hits / (double) (K * 40)).isGreaterThan(0.98);
        }
    }

    @Test
    void unlinkedRowsAreScannedAndDeadOnesNeverReturned() {
        int dimension = 8;
        Random random = new Random(4);
        try (PointStore store = PointStore.open(config(directory, dimension, Metric.EUCLIDEAN));
                GraphIndexer indexer = store.newIndexer(graphConfig(dimension));
                Searcher searcher = store.newSearcher()) {
            for (int id = 0; id < 500; id++) {
                put(store, id, 1, TestVectors.random(random, dimension));
            }
            assertThat(indexer.buildWork(400)).isEqualTo(400);
            assertThat(indexer.backlog()).isEqualTo(100);
            float[] target = TestVectors.random(random, dimension);
            put(store, 1_000, 1, target);
            assertThat(searcher.search(buffer(target), 0, 3, 64)).isEqualTo(3);
            assertThat(searcher.exact()).isFalse();
            assertThat(searcher.idLeast(0)).isEqualTo(1_000);
            assertThat(searcher.scanned()).isEqualTo(101);
            drain(indexer);
            searcher.search(buffer(target), 0, 3, 64);
            assertThat(searcher.idLeast(0)).isEqualTo(1_000);
            assertThat(searcher.scanned()).isZero();
            put(store, 1_000, 2, TestVectors.random(random, dimension));
            store.delete(0, searcher.idLeast(1), 3);
            long deleted = searcher.idLeast(1);
            searcher.search(buffer(target), 0, 400, 500);
            Set<Long> seen = new HashSet<>();
            for (int i = 0; i < searcher.count(); i++) {
                assertThat(seen.add(searcher.idLeast(i))).isTrue();
                assertThat(searcher.idLeast(i)).isNotEqualTo(deleted);
                assertThat(searcher.version(i)).isEqualTo(searcher.idLeast(i) == 1_000 ? 2 : 1);
            }
        }
    }

    @Test
    void whenTooFewAreFoundTheSearchBecomesExact() {
        try (PointStore store = PointStore.open(config(directory, 2, Metric.EUCLIDEAN));
                GraphIndexer indexer = store.newIndexer(graphConfig(2));
                Searcher searcher = store.newSearcher()) {
            for (int id = 0; id < 300; id++) {
                put(store, id, 1, id, 0);
            }
            drain(indexer);
            for (int id = 0; id < 250; id++) {
                store.delete(0, id, 2);
            }
            assertThat(searcher.search(buffer(0, 0), 0, 50, 50)).isEqualTo(50);
            assertThat(searcher.idLeast(0)).isEqualTo(250);
            assertThat(searcher.exact()).isTrue();
        }
    }

    @Test
    void equalVectorsAndZeroVectorsDoNotConfuseTheBuilder() {
        try (PointStore store = PointStore.open(config(directory, 3, Metric.EUCLIDEAN));
                GraphIndexer indexer = store.newIndexer(graphConfig(3));
                Searcher searcher = store.newSearcher()) {
            for (int id = 0; id < 400; id++) {
                put(store, id, 1, id % 3 == 0 ? 0 : 1, 0, 0);
            }
            drain(indexer);
            assertThat(searcher.search(buffer(1, 0, 0), 0, 20, 64)).isEqualTo(20);
            assertThat(searcher.score(19)).isZero();
            assertThat(searcher.search(buffer(0, 0, 0), 0, 20, 64)).isEqualTo(20);
        }
    }

    @Test
    void withoutAGraphTheSearchIsExactAndInnerProductsHaveNone() {
        try (PointStore store = PointStore.open(config(directory, 2, Metric.DOT));
                Searcher searcher = store.newSearcher()) {
            put(store, 1, 1, 1, 1);
            assertThat(searcher.search(buffer(1, 1), 0, 1, 10)).isEqualTo(1);
            assertThat(searcher.exact()).isTrue();
            assertThatThrownBy(() -> store.newIndexer(graphConfig(2)))
                    .isInstanceOfSatisfying(
                            VectorsException.class, e -> assertThat(e.reason()).isEqualTo(Reason.INVALID_CONFIG));
        }
    }

    @Test
    void aGraphThatDoesNotFitTheBudgetIsRefusedAndSearchesGoOn() {
        try (PointStore store = PointStore.open(config(directory, 8, Metric.EUCLIDEAN, 300_000));
                GraphIndexer indexer = store.newIndexer(new GraphConfig(8, 1 << 14, 64, 1, 1));
                Searcher searcher = store.newSearcher()) {
            put(store, 1, 1, new float[8]);
            assertThatThrownBy(() -> indexer.buildWork(1))
                    .isInstanceOfSatisfying(
                            VectorsException.class, e -> assertThat(e.reason()).isEqualTo(Reason.BUDGET_EXCEEDED));
            assertThat(searcher.search(buffer(new float[8]), 0, 1, 10)).isEqualTo(1);
        }
    }

    static void drain(GraphIndexer indexer) {
        while (indexer.buildWork(100) > 0) {
            assertThat(indexer.backlog()).isNotNegative();
        }
    }

    static GraphConfig graphConfig(int dimension) {
        return new GraphConfig(dimension, 256, 40, 16, 1);
    }

    private static double recall(Searcher approximate, Searcher exact, Random random, int dimension) {
        int hits = 0;
        int queries = 30;
        for (int i = 0; i < queries; i++) {
            hits += hits(approximate, exact, buffer(clustered(random, dimension, i % 20)), BEAM);
        }
        return hits / (double) (K * queries);
    }

    private static int hits(Searcher approximate, Searcher exact, UnsafeBuffer query, int beam) {
        exact.search(query, 0, K);
        approximate.search(query, 0, K, beam);
        assertThat(approximate.exact()).isFalse();
        int hits = 0;
        for (int i = 0; i < K; i++) {
            for (int j = 0; j < K; j++) {
                if (exact.idLeast(i) == approximate.idLeast(j)) {
                    hits++;
                    assertThat(approximate.score(j)).isEqualTo(exact.score(i));
                }
            }
        }
        return hits;
    }

    private static float[] clustered(Random random, int dimension, int cluster) {
        Random centre = new Random(cluster);
        float[] vector = new float[dimension];
        for (int i = 0; i < dimension; i++) {
            vector[i] = (float) (centre.nextGaussian() + 0.5 * random.nextGaussian());
        }
        return vector;
    }

    /** Rows of data/glove-20k.gvec: a float32 scale, then signed 16-bit steps, behind a header of 64 bytes. */
    private static float[][] words(int rows, int dimension) throws IOException {
        ByteBuffer file = ByteBuffer.wrap(Files.readAllBytes(Path.of("../data/glove-20k.gvec")))
                .order(ByteOrder.LITTLE_ENDIAN);
        int length = Float.BYTES + Short.BYTES * dimension;
        float[][] words = new float[rows][dimension];
        for (int row = 0; row < rows; row++) {
            int at = 64 + row * length;
            float scale = file.getFloat(at);
            for (int i = 0; i < dimension; i++) {
                words[row][i] = scale * file.getShort(at + Float.BYTES + Short.BYTES * i);
            }
        }
        return words;
    }
}
