package io.grape.vectors;

import static io.grape.vectors.TestVectors.buffer;
import static io.grape.vectors.TestVectors.config;
import static io.grape.vectors.TestVectors.put;
import static org.assertj.core.api.Assertions.assertThat;

import io.grape.vectors.graph.GraphConfig;
import io.grape.vectors.model.Metric;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The graph beside the exact search over kinds of data that break indexes, from 1 to 4096 dimensions. Each result must be
 * a point with its own score, no point may come twice, and as many must come as the exact search finds. Where the kind allows
 * it, nearly all must be as near as the exact ones; equal scores count as equal whatever their ids.
 */
class GraphDataTest {
    private static final int K = 10;
    private static final int BEAM = 80;
    private static final int QUERIES = 12;

    @TempDir
    Path directory;

    /** Kinds of data, and the least part of the results that has to be as near as the exact ones. */
    enum Kind {
        RANDOM(0.9) {
            @Override
            void fill(float[] vector, int row, Random random) {
                gaussian(vector, random, 1);
            }
        },
        CLUSTERED(0.9) {
            @Override
            void fill(float[] vector, int row, Random random) {
                gaussian(vector, new Random(row % 7), 1);
                add(vector, random, 0.05f);
            }
        },
        MANY_DUPLICATES(0.9) {
            @Override
            void fill(float[] vector, int row, Random random) {
                gaussian(vector, new Random(row % 12), 1);
            }
        },
        ALL_EQUAL(1) {
            @Override
            void fill(float[] vector, int row, Random random) {
                java.util.Arrays.fill(vector, 0.25f);
            }
        },
        ONE_HOT(0.9) {
            @Override
            void fill(float[] vector, int row, Random random) {
                vector[row % vector.length] = 1;
            }
        },
        ON_A_LINE(0.9) {
            @Override
            void fill(float[] vector, int row, Random random) {
                java.util.Arrays.fill(vector, 1 + row);
                vector[0] = 300;
            }
        },
        TWO_FAR_CLUSTERS(0.8) {
            @Override
            void fill(float[] vector, int row, Random random) {
                java.util.Arrays.fill(vector, row < 120 ? -100 : 100);
                add(vector, random, 1);
            }
        },
        GROWING_EXPONENTIALLY(0) {
            @Override
            void fill(float[] vector, int row, Random random) {
                gaussian(vector, random, (float) Math.pow(1.2, row % 100));
            }
        },
        TINY_AND_HUGE(0) {
            @Override
            void fill(float[] vector, int row, Random random) {
                gaussian(vector, random, row % 2 == 0 ? 1e-10f : 1e10f);
            }
        };

        private final double recall;

        Kind(double recall) {
            this.recall = recall;
        }

        abstract void fill(float[] vector, int row, Random random);

        float[] vector(int dimension, int row, Random random) {
            float[] vector = new float[dimension];
            fill(vector, row, random);
            return vector;
        }

        static void gaussian(float[] vector, Random random, float scale) {
            for (int i = 0; i < vector.length; i++) {
                vector[i] = (float) random.nextGaussian() * scale;
            }
        }

        static void add(float[] vector, Random random, float scale) {
            for (int i = 0; i < vector.length; i++) {
                vector[i] += (float) random.nextGaussian() * scale;
            }
        }
    }

    static Stream<Arguments> everyKindInSomeDimensions() {
        int[] dimensions = {1, 2, 3, 5, 17, 31, 64, 100, 113, 129, 255, 384, 768, 1023, 4095, 4096};
        List<Arguments> all = new ArrayList<>();
        int next = 0;
        for (Kind kind : Kind.values()) {
            for (int i = 0; i < 4; i++) {
                int dimension = dimensions[next++ % dimensions.length];
                all.add(Arguments.of(kind, dimension, i % 2 == 0 ? Metric.EUCLIDEAN : Metric.COSINE));
            }
        }
        for (int dimension : new int[] {1, 4096}) {
            all.add(Arguments.of(Kind.RANDOM, dimension, Metric.EUCLIDEAN));
            all.add(Arguments.of(Kind.MANY_DUPLICATES, dimension, Metric.COSINE));
        }
        return all.stream();
    }

    @ParameterizedTest(name = "{0}, {1} dimensions, {2}")
    @MethodSource("everyKindInSomeDimensions")
    void everyResultIsRightAndNearlyAllAreTheNearest(Kind kind, int dimension, Metric metric) {
        int rows = dimension > 1_000 ? 120 : 240;
        Random random = new Random(31L * dimension + kind.ordinal());
        try (PointStore store = PointStore.open(config(directory, dimension, metric));
                GraphIndexer indexer = store.newIndexer(new GraphConfig(dimension, 256, 48, 16, 1));
                Searcher near = store.newSearcher();
                Searcher exact = store.newSearcher()) {
            for (int row = 0; row < rows; row++) {
                put(store, row, 1, kind.vector(dimension, row, random));
            }
            for (int id = 0; id < rows; id += 9) {
                store.delete(0, id, 2);
            }
            GraphSearchTest.drain(indexer);
            int asNear = 0;
            for (int query = 0; query < QUERIES; query++) {
                asNear += asNear(near, exact, kind.vector(dimension, 5 + 17 * query, random));
            }
            assertThat(asNear / (double) (QUERIES * K)).isGreaterThanOrEqualTo(kind.recall);
        }
    }

    private static int asNear(Searcher near, Searcher exact, float[] query) {
        int rows = exact.search(buffer(query), 0, 300);
        assertThat(near.search(buffer(query), 0, K, BEAM)).isEqualTo(Math.min(K, rows));
        float worst = exact.score(K - 1);
        boolean larger = exact.score(0) > worst;
        Set<Long> seen = new HashSet<>();
        int asNear = 0;
        for (int i = 0; i < K; i++) {
            assertThat(seen.add(near.idLeast(i))).isTrue();
            int rank = rankOf(exact, near.idLeast(i));
            assertThat(near.score(i)).isEqualTo(exact.score(rank));
            float score = near.score(i);
            asNear += score == worst || larger == score > worst ? 1 : 0;
        }
        return asNear;
    }

    private static int rankOf(Searcher exact, long id) {
        for (int i = 0; i < exact.count(); i++) {
            if (exact.idLeast(i) == id) {
                return i;
            }
        }
        throw new AssertionError("found point " + id + ", which is not alive");
    }
}
