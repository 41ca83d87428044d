package io.grape.vectors;

import static io.grape.vectors.TestVectors.buffer;
import static io.grape.vectors.TestVectors.config;
import static org.assertj.core.api.Assertions.assertThat;

import io.grape.vectors.model.Metric;
import io.grape.vectors.query.SearchParameters;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLongArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A writer, two builders and two searchers at once, with all kinds of searches. Each result must be a version of a point that
 * lived at some moment of the search, with its own distance; none may come twice; and what lived throughout must be found by an
 * exact search. {@code -Dgrape.stress.operations=5000000} makes it a long run.
 */
class GraphStressScenario {
    private static final int DIMENSION = 9;
    private static final int IDS = 500;
    private static final int OPERATIONS = Integer.getInteger("grape.stress.operations", 6_000);

    @TempDir
    Path directory;

    /** Of each id: the version that lives, or the negative number of the operation that removed it. Set when it is done. */
    private final AtomicLongArray done = new AtomicLongArray(IDS);

    /** The same, set before the operation begins. */
    private final AtomicLongArray begun = new AtomicLongArray(IDS);

    private final AtomicBoolean ended = new AtomicBoolean();

    @Test
    void everyResultIsAlivePointWithItsDistanceWhateverGoesOn() throws Exception {
        try (PointStore store = PointStore.open(config(directory, DIMENSION, Metric.EUCLIDEAN, 4L << 30));
                GraphIndexer indexer = store.newIndexer(GraphSearchTest.graphConfig(DIMENSION));
                GraphIndexer helper = indexer.newHelper();
                ExecutorService threads = Executors.newFixedThreadPool(4)) {
            List<Future<Integer>> running = new ArrayList<>();
            running.add(threads.submit(() -> build(indexer)));
            running.add(threads.submit(() -> build(helper)));
            running.add(threads.submit(() -> search(store, 1)));
            running.add(threads.submit(() -> search(store, 2)));
            try {
                write(store);
            } finally {
                ended.set(true);
            }
            for (Future<Integer> each : running) {
                assertThat(each.get()).isPositive();
            }
            GraphSearchTest.drain(indexer);
            assertThat(indexer.backlog()).isZero();
        }
    }

    private void write(PointStore store) {
        Random random = new Random(3);
        for (int version = 1; version <= OPERATIONS; version++) {
            int id = random.nextInt(IDS);
            boolean removes = random.nextInt(8) == 0;
            begun.set(id, removes ? -version : version);
            if (removes) {
                store.delete(0, id, version);
            } else {
                TestVectors.put(store, id, version, vector(id, version));
            }
            done.set(id, removes ? -version : version);
            if (version % 500 == 0) {
                store.checkpoint(version);
            }
            if (version % 16 == 0) {
                Thread.yield();
            }
        }
    }

    private int build(GraphIndexer indexer) {
        int rows = 0;
        while (!ended.get() || rows == 0) {
            int work = indexer.buildWork(8);
            rows += work;
            if (work == 0) {
                Thread.yield();
                rows += ended.get() ? 1 : 0;
            }
        }
        return rows;
    }

    private int search(PointStore store, int seed) {
        Random random = new Random(seed);
        SearchParameters how = new SearchParameters();
        long[] before = new long[IDS];
        int rounds = 0;
        try (Searcher searcher = store.newSearcher()) {
            do {
                for (int id = 0; id < IDS; id++) {
                    before[id] = done.get(id);
                }
                float[] query = vector(random.nextInt(IDS), -1);
                int kind = random.nextInt(4);
                how.reset().beam(60).exact(kind == 1);
                long named = random.nextInt(IDS);
                if (kind > 1) {
                    how.idsMean(kind == 2 ? SearchParameters.Ids.ALLOWED : SearchParameters.Ids.DENIED);
                    how.ids().add(0, named);
                }
                searcher.search(buffer(query), 0, kind == 1 ? IDS : 15, how);
                Set<Long> seen = check(searcher, query, before);
                if (kind == 2) {
                    assertThat(seen).isSubsetOf(named);
                } else if (kind == 3) {
                    assertThat(seen).doesNotContain(named);
                }
                for (int id = 0; id < IDS && kind == 1; id++) {
                    if (before[id] > 0 && begun.get(id) == before[id]) {
                        assertThat(seen).contains((long) id);
                    }
                }
                if (kind == 2 && before[(int) named] > 0 && begun.get((int) named) == before[(int) named]) {
                    assertThat(seen).contains(named);
                }
                rounds++;
            } while (!ended.get());
        }
        return rounds;
    }

    private Set<Long> check(Searcher searcher, float[] query, long[] before) {
        Set<Long> seen = new HashSet<>();
        for (int i = 0; i < searcher.count(); i++) {
            long id = searcher.idLeast(i);
            long version = searcher.version(i);
            assertThat(seen.add(id)).isTrue();
            long was = before[(int) id];
            assertThat(version).isGreaterThanOrEqualTo(was > 0 ? was : 1 - was);
            assertThat(version).isLessThanOrEqualTo(Math.abs(begun.get((int) id)));
            double own = TestVectors.score(Metric.EUCLIDEAN, query, vector(id, version));
            assertThat(Math.abs(searcher.score(i) - own)).isLessThan(1e-3);
        }
        return seen;
    }

    private static float[] vector(long id, long version) {
        return TestVectors.random(new Random(id * 1_000_003 + version), DIMENSION);
    }
}
