package io.grape.vectors;

import static io.grape.vectors.TestVectors.config;
import static org.assertj.core.api.Assertions.assertThat;

import io.grape.vectors.model.Metric;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A writer, a builder and a reader at once: every result is a point with its own distance, and none comes twice. */
class ConcurrentGraphScenario {
    private static final int DIMENSION = 12;
    private static final int IDS = 600;
    private static final int OPERATIONS = 2_000;

    @TempDir
    Path directory;

    @Test
    void searchesStayRightWhileRowsArriveChangeAndAreLinked() throws Exception {
        AtomicBoolean done = new AtomicBoolean();
        try (PointStore store = PointStore.open(config(directory, DIMENSION, Metric.EUCLIDEAN));
                GraphIndexer indexer = store.newIndexer(GraphSearchTest.graphConfig(DIMENSION));
                ExecutorService threads = Executors.newFixedThreadPool(2)) {
            Future<Integer> built = threads.submit(() -> build(indexer, done));
            Future<Integer> searched = threads.submit(() -> search(store, done));
            Random random = new Random(8);
            try {
                for (int version = 1; version <= OPERATIONS; version++) {
                    int id = random.nextInt(IDS);
                    if (random.nextInt(10) == 0) {
                        store.delete(0, id, version);
                    } else {
                        TestVectors.put(store, id, version, vector(id, version));
                    }
                    if (version % 32 == 0) {
                        Thread.yield();
                    }
                }
            } finally {
                done.set(true);
            }
            assertThat(searched.get()).isPositive();
            assertThat(built.get()).isPositive();
            GraphSearchTest.drain(indexer);
            assertThat(indexer.backlog()).isZero();
        }
    }

    private static int build(GraphIndexer indexer, AtomicBoolean done) {
        int rows = 0;
        while (!done.get()) {
            int work = indexer.buildWork(16);
            rows += work;
            if (work == 0) {
                Thread.yield();
            }
        }
        return rows;
    }

    private static int search(PointStore store, AtomicBoolean done) {
        Random random = new Random(9);
        Set<Long> seen = new HashSet<>();
        int rounds = 0;
        try (Searcher searcher = store.newSearcher()) {
            do {
                float[] query = vector(random.nextInt(IDS), -1);
                searcher.search(TestVectors.buffer(query), 0, 20, 40);
                seen.clear();
                for (int i = 0; i < searcher.count(); i++) {
                    assertThat(seen.add(searcher.idLeast(i))).isTrue();
                    float[] own = vector(searcher.idLeast(i), searcher.version(i));
                    double expected = TestVectors.score(Metric.EUCLIDEAN, query, own);
                    assertThat(Math.abs(searcher.score(i) - expected)).isLessThan(1e-3);
                }
                rounds++;
            } while (!done.get());
        }
        return rounds;
    }

    private static float[] vector(long id, long version) {
        return TestVectors.random(new Random(id * 1_000_003 + version), DIMENSION);
    }
}
