package io.grape.vectors;

import static io.grape.vectors.TestVectors.buffer;
import static io.grape.vectors.TestVectors.config;
import static io.grape.vectors.TestVectors.put;
import static org.assertj.core.api.Assertions.assertThat;

import io.grape.vectors.model.Metric;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two replicas that apply the same operations and have linked all of them give the same approximate answers. */
class GraphReplicasTest {
    private static final int DIMENSION = 10;
    private static final int POINTS = 800;

    @TempDir
    Path directory;

    @Test
    void whateverTheBuildersTurnsPointsThatWereOnlyAddedAreAnsweredAlike() {
        long everyRow = hash("a", new Random(1), 1, false);
        assertThat(hash("b", new Random(2), 40, false)).isEqualTo(everyRow);
        assertThat(hash("c", new Random(3), POINTS, false)).isEqualTo(everyRow);
    }

    @Test
    void withReplacementsAndDeletionsEqualTurnsGiveEqualAnswers() {
        assertThat(hash("a", new Random(4), 25, true)).isEqualTo(hash("b", new Random(4), 25, true));
    }

    private long hash(String name, Random turns, int between, boolean changes) {
        Random data = new Random(17);
        try (PointStore store = PointStore.open(config(directory.resolve(name), DIMENSION, Metric.EUCLIDEAN));
                GraphIndexer indexer = store.newIndexer(GraphSearchTest.graphConfig(DIMENSION));
                Searcher searcher = store.newSearcher()) {
            for (int i = 0; i < POINTS; i++) {
                put(store, changes ? i % 300 : i, i, TestVectors.random(data, DIMENSION));
                if (changes && i % 7 == 0) {
                    store.delete(0, i % 50, i);
                }
                if (turns.nextInt(between) == 0) {
                    indexer.buildWork(1 + turns.nextInt(30));
                }
            }
            GraphSearchTest.drain(indexer);
            long hash = 0;
            for (int query = 0; query < 50; query++) {
                searcher.search(buffer(TestVectors.random(data, DIMENSION)), 0, 10, 20);
                assertThat(searcher.exact()).isFalse();
                for (int i = 0; i < searcher.count(); i++) {
                    hash = 31 * hash
                            + searcher.idLeast(i) * 7
                            + searcher.version(i)
                            + Float.floatToIntBits(searcher.score(i));
                }
            }
            return hash;
        }
    }
}
