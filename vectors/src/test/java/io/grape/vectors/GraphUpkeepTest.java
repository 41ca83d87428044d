package io.grape.vectors;

import static io.grape.vectors.TestVectors.buffer;
import static io.grape.vectors.TestVectors.config;
import static io.grape.vectors.TestVectors.put;
import static org.assertj.core.api.Assertions.assertThat;

import io.grape.vectors.graph.GraphConfig;
import io.grape.vectors.graph.GraphSearcher;
import io.grape.vectors.graph.RowVectors;
import io.grape.vectors.model.Metric;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of a graph whose points are replaced, and of one that is closed and opened. */
class GraphUpkeepTest {
    private static final int DIMENSION = 16;
    /** More of them make the turnovers a long run. */
    private static final int POINTS = Integer.getInteger("grape.turnover.points", 1_000);

    private static final int K = 10;
    private static final int BEAM = 24;

    @TempDir
    Path directory;

    @Test
    void threeTurnoversOfAllPointsCostLessThanAPointOfRecall() {
        Random random = new Random(11);
        try (PointStore store = PointStore.open(config(directory.resolve("old"), DIMENSION, Metric.EUCLIDEAN));
                GraphIndexer indexer = store.newIndexer(graphConfig());
                PointStore fresh = PointStore.open(config(directory.resolve("new"), DIMENSION, Metric.EUCLIDEAN));
                GraphIndexer freshIndexer = fresh.newIndexer(graphConfig())) {
            for (int version = 0; version <= 3; version++) {
                for (int id = 0; id < POINTS; id++) {
                    float[] vector = clustered(random);
                    put(store, id, version, vector);
                    if (version == 3) {
                        put(fresh, id, version, vector);
                    }
                    if (id % 50 == 0) {
                        indexer.buildWork(200);
                    }
                }
            }
            GraphSearchTest.drain(indexer);
            GraphSearchTest.drain(freshIndexer);
            assertThat(recall(store, new Random(12))).isGreaterThan(recall(fresh, new Random(12)) - 0.01);
        }
    }

    @Test
    void afterASweepNoSearchMeetsADeadNodeAndNearlyAllLiveOnesAreReached() {
        Random random = new Random(13);
        try (PointStore store = PointStore.open(config(directory, DIMENSION, Metric.EUCLIDEAN));
                GraphIndexer indexer = store.newIndexer(graphConfig())) {
            for (int id = 0; id < POINTS; id++) {
                put(store, id, 1, clustered(random));
            }
            GraphSearchTest.drain(indexer);
            for (int id = 0; id < POINTS - 200; id++) {
                store.delete(0, id, 2);
            }
            GraphSearchTest.drain(indexer);
            try (GraphSearcher searcher = new GraphSearcher(Objects.requireNonNull(store.graph()))) {
                searcher.begin();
                System.arraycopy(clustered(random), 0, searcher.vector(), 0, DIMENSION);
                int found = searcher.search(400);
                assertThat(found).isBetween(195, 200);
                for (int i = 0; i < found; i++) {
                    assertThat(store.rowVectors().isLiveAt(searcher.row(i), RowVectors.NOW))
                            .isTrue();
                }
            }
        }
    }

    @Test
    void anOpenedGraphIsSearchedAtOnceAndFurtherRowsAreLinked() {
        Random random = new Random(14);
        double before;
        try (PointStore store = PointStore.open(config(directory, DIMENSION, Metric.COSINE));
                GraphIndexer indexer = store.newIndexer(graphConfig())) {
            for (int id = 0; id < POINTS; id++) {
                put(store, id, 1, clustered(random));
            }
            GraphSearchTest.drain(indexer);
            before = recall(store, new Random(15));
            store.checkpoint(7);
            for (int id = POINTS; id < POINTS + 100; id++) {
                put(store, id, 1, clustered(random));
            }
            GraphSearchTest.drain(indexer);
        }
        try (PointStore store = PointStore.open(config(directory, DIMENSION, Metric.COSINE));
                GraphIndexer indexer = store.newIndexer(graphConfig());
                Searcher searcher = store.newSearcher()) {
            assertThat(store.checkpointPosition()).isEqualTo(7);
            assertThat(indexer.backlog()).isZero();
            assertThat(recall(store, new Random(15))).isGreaterThan(before - 0.02);
            float[] last = clustered(random);
            for (int id = POINTS; id < POINTS + 300; id++) {
                last = clustered(random);
                put(store, id, 2, last);
            }
            GraphSearchTest.drain(indexer);
            assertThat(indexer.backlog()).isZero();
            searcher.search(buffer(last), 0, K, 64);
            assertThat(searcher.exact()).isFalse();
            assertThat(searcher.idLeast(0)).isEqualTo(POINTS + 299);
            assertThat(recall(store, new Random(16))).isGreaterThan(before - 0.02);
        }
    }

    @Test
    void aStoreOpenedAtAnEarlierStateKeepsTheGraphOfItsRows() {
        Random random = new Random(21);
        try (PointStore store = PointStore.open(config(directory, DIMENSION, Metric.EUCLIDEAN));
                GraphIndexer indexer = store.newIndexer(graphConfig())) {
            for (int id = 0; id < 600; id++) {
                put(store, id, 1, clustered(random));
                if (id == 399) {
                    store.checkpoint(1);
                }
            }
            GraphSearchTest.drain(indexer);
            indexer.checkpoint();
        }
        try (PointStore store = PointStore.open(config(directory, DIMENSION, Metric.EUCLIDEAN));
                GraphIndexer indexer = store.newIndexer(graphConfig())) {
            assertThat(store.size()).isEqualTo(400);
            assertThat(indexer.backlog()).isZero();
            assertThat(recall(store, new Random(22))).isGreaterThan(0.85);
            for (int id = 400; id < 600; id++) {
                put(store, id, 2, clustered(random));
            }
            GraphSearchTest.drain(indexer);
            assertThat(indexer.backlog()).isZero();
            assertThat(recall(store, new Random(22))).isGreaterThan(0.9);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"graph-0", "graph.manifest"})
    void aDamagedGraphIsBuiltAgain(String name) throws IOException {
        Random random = new Random(17);
        try (PointStore store = PointStore.open(config(directory, DIMENSION, Metric.EUCLIDEAN));
                GraphIndexer indexer = store.newIndexer(graphConfig())) {
            for (int id = 0; id < 300; id++) {
                put(store, id, 1, clustered(random));
            }
            GraphSearchTest.drain(indexer);
            store.checkpoint(1);
        }
        try (RandomAccessFile file =
                new RandomAccessFile(directory.resolve(name).toFile(), "rw")) {
            file.seek(20);
            int value = file.read();
            file.seek(20);
            file.write(value + 1);
        }
        try (PointStore store = PointStore.open(config(directory, DIMENSION, Metric.EUCLIDEAN));
                GraphIndexer indexer = store.newIndexer(graphConfig())) {
            assertThat(indexer.backlog()).isEqualTo(300);
            GraphSearchTest.drain(indexer);
            assertThat(indexer.backlog()).isZero();
            assertThat(recall(store, new Random(18))).isGreaterThan(0.9);
        }
    }

    @Test
    void aGraphOfOtherRowsIsNotUsed() throws IOException {
        for (int round = 0; round < 2; round++) {
            Path own = directory.resolve("store-" + round);
            try (PointStore store = PointStore.open(config(own, DIMENSION, Metric.EUCLIDEAN));
                    GraphIndexer indexer = store.newIndexer(graphConfig())) {
                Random random = new Random(round);
                for (int id = 0; id < 300; id++) {
                    put(store, id, 1, clustered(random));
                }
                GraphSearchTest.drain(indexer);
                store.checkpoint(1);
            }
        }
        for (String name : new String[] {"graph-0", "graph-1", "graph.manifest"}) {
            java.nio.file.Files.copy(
                    directory.resolve("store-0").resolve(name),
                    directory.resolve("store-1").resolve(name),
                    java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        }
        try (PointStore store = PointStore.open(config(directory.resolve("store-1"), DIMENSION, Metric.EUCLIDEAN));
                GraphIndexer indexer = store.newIndexer(graphConfig())) {
            assertThat(indexer.backlog()).isEqualTo(300);
        }
    }

    @Test
    void twoThreadsLinkAsWellAsOne() throws InterruptedException {
        Random random = new Random(19);
        try (PointStore store = PointStore.open(config(directory, DIMENSION, Metric.EUCLIDEAN));
                GraphIndexer indexer = store.newIndexer(graphConfig())) {
            for (int id = 0; id < POINTS; id++) {
                put(store, id, 1, clustered(random));
            }
            GraphIndexer helper = indexer.newHelper();
            Thread thread = Thread.ofPlatform().start(() -> GraphSearchTest.drain(helper));
            GraphSearchTest.drain(indexer);
            thread.join();
            helper.close();
            assertThat(indexer.backlog()).isZero();
            assertThat(recall(store, new Random(20))).isGreaterThan(0.9);
        }
    }

    private static GraphConfig graphConfig() {
        return new GraphConfig(DIMENSION, 256, 64, 64, 1);
    }

    private static double recall(PointStore store, Random random) {
        int hits = 0;
        int queries = 100;
        try (Searcher approximate = store.newSearcher();
                Searcher exact = store.newSearcher()) {
            for (int query = 0; query < queries; query++) {
                float[] vector = clustered(random);
                exact.search(buffer(vector), 0, K);
                approximate.search(buffer(vector), 0, K, BEAM);
                assertThat(approximate.exact()).isFalse();
                for (int i = 0; i < K; i++) {
                    for (int j = 0; j < K; j++) {
                        if (exact.idLeast(i) == approximate.idLeast(j)) {
                            hits++;
                            assertThat(approximate.score(j)).isEqualTo(exact.score(i));
                            assertThat(approximate.version(j)).isEqualTo(exact.version(i));
                        }
                    }
                }
            }
        }
        return hits / (double) (K * queries);
    }

    private static float[] clustered(Random random) {
        Random centre = new Random(random.nextInt(20));
        float[] vector = new float[DIMENSION];
        for (int i = 0; i < DIMENSION; i++) {
            vector[i] = (float) (centre.nextGaussian() + 0.5 * random.nextGaussian());
        }
        return vector;
    }
}
