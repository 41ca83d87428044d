package io.grape.vectors;

import static io.grape.vectors.TestVectors.buffer;
import static io.grape.vectors.TestVectors.config;
import static org.assertj.core.api.Assertions.assertThat;

import io.grape.vectors.model.Metric;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * One writer and two readers. Points 0..PERMANENT-1 are replaced all the time and never deleted, so each search that
 * asks for all must return each of them exactly once; others come and go. A vector is a function of (id, version), so
 * a reader can tell a torn or foreign row by its score.
 */
class ConcurrentSearchScenario {
    private static final int DIMENSION = 19;
    private static final int PERMANENT = 150;
    private static final int PASSING = 50;
    private static final int OPERATIONS = 6_000;

    @TempDir
    Path directory;

    @Test
    void everySearchSeesEachPermanentPointOnceAndWithItsOwnDistance() throws Exception {
        AtomicBoolean done = new AtomicBoolean();
        try (PointStore store = PointStore.open(config(directory, DIMENSION, Metric.DOT));
                ExecutorService threads = Executors.newFixedThreadPool(2)) {
            UnsafeBuffer vector = buffer(new float[DIMENSION]);
            UnsafeBuffer payload = new UnsafeBuffer(new byte[Long.BYTES]);
            for (int id = 0; id < PERMANENT; id++) {
                upsert(store, id, 0, vector, payload);
            }
            List<Future<Integer>> searches = new ArrayList<>();
            for (int reader = 0; reader < 2; reader++) {
                long seed = reader;
                searches.add(threads.submit(() -> read(store, seed, done)));
            }
            Random random = new Random(11);
            try {
                for (int version = 1; version <= OPERATIONS; version++) {
                    int id = random.nextInt(PERMANENT + PASSING);
                    if (id >= PERMANENT && random.nextBoolean()) {
                        store.delete(0, id, version);
                    } else {
                        upsert(store, id, version, vector, payload);
                    }
                    if (version % 64 == 0) {
                        Thread.yield();
                    }
                }
            } finally {
                done.set(true);
            }
            for (Future<Integer> search : searches) {
                assertThat(search.get()).isPositive();
            }
        }
    }

    private static int read(PointStore store, long seed, AtomicBoolean done) {
        Random random = new Random(seed);
        int rounds = 0;
        float[] query = TestVectors.random(random, DIMENSION);
        UnsafeBuffer queryBuffer = buffer(query);
        float[] vector = new float[DIMENSION];
        int[] seen = new int[PERMANENT + PASSING];
        try (Searcher searcher = store.newSearcher();
                PointReader reader = store.newReader()) {
            do {
                int found = searcher.search(queryBuffer, 0, 1000);
                java.util.Arrays.fill(seen, 0);
                for (int i = 0; i < found; i++) {
                    int id = (int) searcher.idLeast(i);
                    seen[id]++;
                    fill(vector, id, searcher.version(i));
                    double exact = TestVectors.score(Metric.DOT, query, vector);
                    assertThat(Math.abs(searcher.score(i) - exact)).isLessThan(1e-3);
                }
                for (int id = 0; id < seen.length; id++) {
                    if (id < PERMANENT ? seen[id] != 1 : seen[id] > 1) {
                        throw new AssertionError("seed=" + seed + ": point " + id + " seen " + seen[id] + " times");
                    }
                }
                int id = random.nextInt(PERMANENT);
                assertThat(reader.get(0, id)).isTrue();
                fill(vector, id, reader.version());
                check(reader.vector(), vector);
                assertThat(reader.payload().getLong(0)).isEqualTo(reader.version());
                rounds++;
            } while (!done.get());
        }
        return rounds;
    }

    private static void check(DirectBuffer actual, float[] expected) {
        for (int i = 0; i < expected.length; i++) {
            assertThat(actual.getFloat(i * Float.BYTES, ByteOrder.LITTLE_ENDIAN))
                    .isEqualTo(expected[i]);
        }
    }

    private static void upsert(PointStore store, int id, long version, UnsafeBuffer vector, UnsafeBuffer payload) {
        float[] values = new float[DIMENSION];
        fill(values, id, version);
        for (int i = 0; i < DIMENSION; i++) {
            vector.putFloat(i * Float.BYTES, values[i], ByteOrder.LITTLE_ENDIAN);
        }
        payload.putLong(0, version);
        store.upsert(0, id, version, vector, 0, payload, 0, Long.BYTES);
    }

    private static void fill(float[] vector, long id, long version) {
        Random random = new Random(id * 1_000_003 + version);
        for (int i = 0; i < vector.length; i++) {
            vector[i] = random.nextFloat() - 0.5f;
        }
    }
}
