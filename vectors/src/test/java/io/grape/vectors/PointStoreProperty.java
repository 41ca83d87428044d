package io.grape.vectors;

import static io.grape.vectors.TestVectors.buffer;
import static io.grape.vectors.TestVectors.put;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.grape.vectors.kernel.ScalarKernel;
import io.grape.vectors.model.Metric;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Random histories against a map and a float64 brute force. */
class PointStoreProperty {
    @Property(tries = 25)
    void resultsEqualTheBruteForceAfterAnyHistory(
            @ForAll @IntRange(min = 1, max = 70) int dimension,
            @ForAll Metric metric,
            @ForAll @IntRange(min = 1, max = 400) int operations,
            @ForAll long seed)
            throws IOException {
        Path directory = Files.createTempDirectory("store");
        try {
            run(TestVectors.config(directory, dimension, metric), operations, seed);
        } finally {
            deleteTree(directory);
        }
    }

    private static void run(PointStoreConfig config, int operations, long seed) {
        Random random = new Random(seed);
        Map<Long, float[]> model = new HashMap<>();
        PointStore store = PointStore.open(config);
        try {
            for (int version = 1; version <= operations; version++) {
                long id = random.nextInt(1 + operations / 2);
                if (random.nextInt(4) == 0) {
                    assertThat(store.delete(0, id, version)).isEqualTo(model.remove(id) != null);
                } else {
                    float[] vector = TestVectors.random(random, config.shape().dimension());
                    put(store, id, version, vector);
                    model.put(id, vector);
                }
                if (random.nextInt(100) == 0) {
                    store.checkpoint(version);
                    long hash = store.stateHash();
                    store.close();
                    store = PointStore.open(config);
                    assertThat(store.stateHash()).isEqualTo(hash);
                }
            }
            check(store, model, random);
        } finally {
            store.close();
        }
    }

    private static void check(PointStore store, Map<Long, float[]> model, Random random) {
        assertThat(store.size()).isEqualTo(model.size());
        Metric metric = store.shape().metric();
        try (Searcher simd = store.newSearcher();
                Searcher scalar = store.newSearcher(new ScalarKernel());
                PointReader reader = store.newReader()) {
            for (int round = 0; round < 3; round++) {
                float[] query = TestVectors.random(random, store.shape().dimension());
                int k = 1 + random.nextInt(model.size() + 3);
                int found = simd.search(buffer(query), 0, k);
                assertThat(found).isEqualTo(Math.min(k, model.size()));
                assertThat(scalar.search(buffer(query), 0, k)).isEqualTo(found);
                double[] expected = model.values().stream()
                        .mapToDouble(vector -> TestVectors.score(metric, query, vector))
                        .sorted()
                        .toArray();
                for (int i = 0; i < found; i++) {
                    double exact = expected[metric.largerIsNearer() ? expected.length - 1 - i : i];
                    double own = TestVectors.score(metric, query, model.get(simd.idLeast(i)));
                    assertThat((double) simd.score(i)).isCloseTo(exact, within(1e-3));
                    assertThat((double) simd.score(i)).isCloseTo(own, within(1e-3));
                    assertThat((double) scalar.score(i)).isCloseTo(exact, within(1e-3));
                    assertThat(reader.get(0, simd.idLeast(i))).isTrue();
                    assertThat(reader.version()).isEqualTo(simd.version(i));
                }
            }
        }
    }

    private static void deleteTree(Path directory) throws IOException {
        Files.walkFileTree(directory, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, IOException failure) throws IOException {
                Files.delete(visited);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
