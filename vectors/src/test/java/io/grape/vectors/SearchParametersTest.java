package io.grape.vectors;

import static io.grape.vectors.TestVectors.buffer;
import static io.grape.vectors.TestVectors.config;
import static io.grape.vectors.TestVectors.put;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grape.vectors.model.Metric;
import io.grape.vectors.model.Reason;
import io.grape.vectors.model.VectorsException;
import io.grape.vectors.query.SearchParameters;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.LongPredicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.roaringbitmap.RoaringBitmap;

/** Filters, limits and deadlines: what they let through is what an exact search over the same points would return. */
class SearchParametersTest {
    private static final int DIMENSION = 12;
    private static final int POINTS = 900;
    private static final int K = 8;

    @TempDir
    Path directory;

    private final SearchParameters how = new SearchParameters();

    @ParameterizedTest
    @EnumSource(Metric.class)
    void aScoreLimitReturnsWhatIsNoWorseAndTheWorstItselfToo(Metric metric) {
        try (PointStore store = filled(metric);
                Searcher searcher = store.newSearcher()) {
            for (int query = 0; query < 20; query++) {
                float[] vector = TestVectors.random(new Random(-query), DIMENSION);
                List<Long> all = ids(searcher, searcher.search(buffer(vector), 0, 40));
                float limit = searcher.score(11);
                how.reset().exact(true).scoreLimit(limit);
                assertThat(ids(searcher, searcher.search(buffer(vector), 0, 40, how)))
                        .isEqualTo(all.subList(0, 12));
                float better = metric == Metric.EUCLIDEAN ? Math.nextDown(limit) : Math.nextUp(limit);
                how.scoreLimit(better);
                assertThat(ids(searcher, searcher.search(buffer(vector), 0, 40, how)))
                        .isEqualTo(all.subList(0, 11));
            }
        }
    }

    @Test
    void nothingIsWithinANegativeDistance() {
        try (PointStore store = filled(Metric.EUCLIDEAN);
                Searcher searcher = store.newSearcher()) {
            how.reset().scoreLimit(-0.5f);
            assertThat(searcher.search(buffer(new float[DIMENSION]), 0, K, how)).isZero();
            assertThat(searcher.exact()).isTrue();
        }
    }

    @Test
    void aLimitDoesNotMakeTheGraphsAnswerAnExactOne() {
        try (PointStore store = filled(Metric.EUCLIDEAN);
                GraphIndexer indexer = store.newIndexer(GraphSearchTest.graphConfig(DIMENSION));
                Searcher searcher = store.newSearcher()) {
            GraphSearchTest.drain(indexer);
            float[] vector = vector(5);
            how.reset().scoreLimit(0.001f);
            assertThat(ids(searcher, searcher.search(buffer(vector), 0, K, how)))
                    .containsExactly(5L);
            assertThat(searcher.exact()).isFalse();
            assertThat(searcher.scanned()).isZero();
        }
    }

    @ParameterizedTest
    @CsvSource({"false", "true"})
    void allowedIdsAreComparedAndNothingElse(boolean linked) {
        try (PointStore store = filled(Metric.COSINE);
                GraphIndexer indexer = store.newIndexer(GraphSearchTest.graphConfig(DIMENSION));
                Searcher searcher = store.newSearcher()) {
            if (linked) {
                GraphSearchTest.drain(indexer);
            }
            store.delete(0, 30, 9);
            put(store, 60, 2, vector(1));
            how.reset().idsMean(SearchParameters.Ids.ALLOWED);
            for (long id = 0; id < POINTS + 100; id += 30) {
                how.ids().add(0, id);
                how.ids().add(0, id);
            }
            float[] query = TestVectors.random(new Random(77), DIMENSION);
            List<Long> found = ids(searcher, searcher.search(buffer(query), 0, 100, how));
            assertThat(searcher.exact()).isTrue();
            assertThat(searcher.scanned()).isEqualTo(29);
            assertThat(found).isEqualTo(filtered(store, query, 100, id -> id % 30 == 0));
        }
    }

    @ParameterizedTest
    @CsvSource({"false", "true"})
    void deniedIdsAreNotFound(boolean exact) {
        try (PointStore store = filled(Metric.EUCLIDEAN);
                GraphIndexer indexer = store.newIndexer(GraphSearchTest.graphConfig(DIMENSION));
                Searcher searcher = store.newSearcher()) {
            indexer.buildWork(POINTS - 100);
            float[] query = TestVectors.random(new Random(78), DIMENSION);
            List<Long> near = filtered(store, query, 5, id -> true);
            how.reset().exact(exact).idsMean(SearchParameters.Ids.DENIED).beam(200);
            near.forEach(id -> how.ids().add(0, id));
            List<Long> found = ids(searcher, searcher.search(buffer(query), 0, K, how));
            List<Long> expected = filtered(store, query, K, id -> !near.contains(id));
            if (exact) {
                assertThat(found).isEqualTo(expected);
            } else {
                assertThat(found).hasSize(K).doesNotContainAnyElementsOf(near);
                assertThat(found.stream().filter(expected::contains).count()).isGreaterThanOrEqualTo(K - 1);
            }
            assertThat(searcher.exact()).isEqualTo(exact);
        }
    }

    @ParameterizedTest(name = "one row of {0} is allowed")
    @CsvSource({"1", "2", "3", "9", "50", "400", "2000"})
    void allowedRowsAreFoundThroughTheGraphOrOneByOne(int every) {
        try (PointStore store = filled(Metric.EUCLIDEAN);
                GraphIndexer indexer = store.newIndexer(GraphSearchTest.graphConfig(DIMENSION));
                Searcher searcher = store.newSearcher()) {
            GraphSearchTest.drain(indexer);
            RoaringBitmap rows = new RoaringBitmap();
            try (PointReader reader = store.newReader()) {
                for (int id = 0; id < POINTS; id += every) {
                    assertThat(reader.get(0, id)).isTrue();
                    rows.add(reader.row());
                }
            }
            rows.add(POINTS + 5_000);
            int hits = 0;
            int possible = 0;
            for (int query = 0; query < 20; query++) {
                float[] vector = TestVectors.random(new Random(query + 1_000), DIMENSION);
                List<Long> expected = filtered(store, vector, K, id -> id % every == 0);
                List<Long> found = ids(
                        searcher,
                        searcher.search(
                                buffer(vector), 0, K, how.reset().beam(24).rows(rows)));
                assertThat(found).hasSameSizeAs(expected).allMatch(id -> id % every == 0);
                if (searcher.exact()) {
                    assertThat(found).isEqualTo(expected);
                }
                hits += (int) found.stream().filter(expected::contains).count();
                possible += expected.size();
                assertThat(ids(searcher, searcher.search(buffer(vector), 0, K, how.exact(true))))
                        .isEqualTo(expected);
            }
            assertThat(hits).isGreaterThan(possible * 9 / 10);
        }
    }

    @Test
    void noRowAllowedFindsNothing() {
        try (PointStore store = filled(Metric.EUCLIDEAN);
                Searcher searcher = store.newSearcher()) {
            assertThat(searcher.search(buffer(vector(1)), 0, K, how.reset().rows(new RoaringBitmap())))
                    .isZero();
        }
    }

    @Test
    void aPassedDeadlineEndsTheSearchAndSaysSo() {
        try (PointStore store = filled(Metric.EUCLIDEAN);
                GraphIndexer indexer = store.newIndexer(GraphSearchTest.graphConfig(DIMENSION));
                Searcher searcher = store.newSearcher()) {
            long[] nowNs = {Long.MAX_VALUE - 5};
            how.reset().exact(true).deadline(() -> nowNs[0]++, Long.MAX_VALUE - 3);
            assertThat(searcher.search(buffer(vector(1)), 0, K, how)).isPositive();
            assertThat(searcher.complete()).isFalse();
            assertThat(searcher.exact()).isFalse();
            assertThat(searcher.scanned()).isLessThan(POINTS);
            GraphSearchTest.drain(indexer);
            how.reset().deadline(() -> 10, 10);
            assertThat(searcher.search(buffer(vector(1)), 0, K, how)).isZero();
            assertThat(searcher.complete()).isFalse();
            how.reset().deadline(() -> 9, 10);
            assertThat(searcher.search(buffer(vector(1)), 0, K, how)).isEqualTo(K);
            assertThat(searcher.complete()).isTrue();
        }
    }

    @Test
    void aBeamOutOfRangeIsRefused() {
        try (PointStore store = filled(Metric.EUCLIDEAN);
                Searcher searcher = store.newSearcher()) {
            for (int beam : new int[] {-1, Searcher.MAX_K + 1}) {
                assertThatThrownBy(() -> searcher.search(
                                buffer(vector(1)), 0, 1, how.reset().beam(beam)))
                        .isInstanceOfSatisfying(
                                VectorsException.class,
                                e -> assertThat(e.reason()).isEqualTo(Reason.INVALID_BEAM));
            }
        }
    }

    private PointStore filled(Metric metric) {
        PointStore store = PointStore.open(config(directory, DIMENSION, metric));
        for (int id = 0; id < POINTS; id++) {
            put(store, id, 1, vector(id));
        }
        return store;
    }

    private static float[] vector(long id) {
        return TestVectors.random(new Random(id), DIMENSION);
    }

    /** The nearest of all, without those that the test leaves out. */
    private static List<Long> filtered(PointStore store, float[] query, int k, LongPredicate allowed) {
        try (Searcher searcher = store.newSearcher()) {
            return ids(searcher, searcher.search(buffer(query), 0, POINTS)).stream()
                    .filter(allowed::test)
                    .limit(k)
                    .toList();
        }
    }

    private static List<Long> ids(Searcher searcher, int count) {
        List<Long> ids = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            ids.add(searcher.idLeast(i));
        }
        return ids;
    }
}
