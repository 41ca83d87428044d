package io.grape.vectors;

import static io.grape.vectors.TestVectors.NO_PAYLOAD;
import static io.grape.vectors.TestVectors.buffer;
import static io.grape.vectors.TestVectors.config;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grape.vectors.collection.CollectionStats;
import io.grape.vectors.collection.IndexBuilder;
import io.grape.vectors.collection.IndexConfig;
import io.grape.vectors.collection.IndexState;
import io.grape.vectors.collection.VectorCollection;
import io.grape.vectors.graph.GraphConfig;
import io.grape.vectors.model.Metric;
import io.grape.vectors.model.Reason;
import io.grape.vectors.model.VectorsException;
import io.grape.vectors.segment.StoreImage;
import io.grape.vectors.segment.StoreManifest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VectorCollectionTest {
    private static final int DIMENSION = 8;
    private static final int ROW_BYTES = 64;

    @TempDir
    Path directory;

    @Test
    void aGraphBeginsWithTheRowsThatItIsWorthAndLaterRowsAreItsTail() {
        IndexBuilder builder = new IndexBuilder();
        try (VectorCollection collection = open(100, 20);
                Searcher searcher = collection.newSearcher()) {
            builder.add(collection);
            fill(collection, 0, 99);
            assertThat(builder.doWork()).isZero();
            assertThat(collection.stats().index()).isEqualTo(IndexState.SMALL);
            assertThat(collection.tailRows()).isZero();
            searcher.search(query(), 0, 5, 50);
            assertThat(searcher.exact()).isTrue();

            fill(collection, 99, 140);
            assertThat(collection.isTailFull()).as("no graph, no tail").isFalse();
            assertThat(builder.doWork()).isPositive();
            assertThat(collection.stats().index()).isEqualTo(IndexState.BUILDING);
            assertThat(collection.isTailFull()).isTrue();
            drain(builder);
            assertThat(collection.isTailFull()).isFalse();
            CollectionStats stats = collection.stats();
            assertThat(stats.indexedRows()).isEqualTo(140);
            assertThat(stats.graphNodes()).isEqualTo(140);
            assertThat(stats.tailRows()).isZero();
            assertThat(stats.points().livePoints()).isEqualTo(140);

            fill(collection, 140, 161);
            assertThat(collection.tailRows()).isEqualTo(21);
            assertThat(collection.isTailFull()).isTrue();
            searcher.search(query(), 0, 5, 50);
            assertThat(searcher.scanned()).isEqualTo(21);
            assertThat(collection.remove(0, 3, 2)).isTrue();
            assertThat(collection.points().size()).isEqualTo(160);
        }
        assertThat(builder.doWork()).as("a closed collection is forgotten").isZero();
    }

    @Test
    void innerProductsAndCollectionsWithoutIndexHaveNoGraph() {
        try (VectorCollection dot =
                        VectorCollection.open(config(directory.resolve("dot"), DIMENSION, Metric.DOT), index(10, 1));
                VectorCollection off = VectorCollection.open(
                        config(directory.resolve("off"), DIMENSION, Metric.COSINE), IndexConfig.none(DIMENSION))) {
            fill(dot, 0, 50);
            fill(off, 0, 50);
            assertThat(dot.buildWork(10) + off.buildWork(10)).isZero();
            assertThat(dot.stats().index()).isEqualTo(IndexState.OFF);
            assertThat(off.isTailFull()).isFalse();
            off.checkpointIndex();
        }
    }

    @Test
    void aGraphWithoutRoomStandsStillAndSearchesScanWhatItLacks() {
        try (VectorCollection collection = VectorCollection.open(
                        config(directory, DIMENSION, Metric.EUCLIDEAN, 400_000),
                        new IndexConfig(true, 20, 1, new GraphConfig(DIMENSION, 1 << 12, 40, 16, 1)));
                Searcher searcher = collection.newSearcher()) {
            fill(collection, 0, 60);
            assertThat(collection.buildWork(10)).isZero();
            assertThat(collection.buildWork(10)).isZero();
            assertThat(collection.stats().index()).isEqualTo(IndexState.NO_ROOM);
            assertThat(collection.isTailFull()).as("waiting would not help").isFalse();
            assertThat(searcher.search(query(), 0, 5, 50)).isEqualTo(5);
            assertThat(searcher.exact()).isTrue();
        }
    }

    @Test
    void pointsAreRefusedBeforeTheGraphsNextFileWouldNotFit() {
        GraphConfig graph = new GraphConfig(DIMENSION, 64, 40, 16, 1);
        try (VectorCollection collection = VectorCollection.open(
                config(directory, DIMENSION, Metric.EUCLIDEAN, 1 << 18), new IndexConfig(true, 20, 1 << 20, graph))) {
            int added = 0;
            while (collection.admits(1, 0) && added < 5_000) {
                fill(collection, added, ++added);
                while (collection.buildWork(50) > 0) {
                    assertThat(collection.stats().index()).isEqualTo(IndexState.BUILDING);
                }
            }
            assertThat(added).isBetween(100, 4_999);
            assertThat(collection.stats().index()).isEqualTo(IndexState.BUILDING);
            assertThat(collection.tailRows()).isZero();
        }
    }

    @Test
    void anOpenedCollectionSearchesItsGraphAtOnceAndLinksOnlyTheRest() {
        try (VectorCollection collection = open(50, 1_000)) {
            fill(collection, 0, 300);
            drain(collection);
            collection.checkpoint(4);
            fill(collection, 300, 320);
            collection.checkpoint(5);
        }
        try (VectorCollection collection = open(50, 1_000);
                Searcher searcher = collection.newSearcher()) {
            assertThat(collection.points().checkpointPosition()).isEqualTo(5);
            searcher.search(query(), 0, 5, 50);
            assertThat(searcher.exact()).isFalse();
            assertThat(searcher.scanned()).isEqualTo(20);
            drain(collection);
            assertThat(collection.tailRows()).isZero();
        }
    }

    @Test
    void aGraphThatIsAheadOfTheImageIsCutOffAndOneThatIsBehindGoesOn() {
        StoreManifest early;
        StoreManifest late;
        try (VectorCollection collection = open(50, 1_000)) {
            fill(collection, 0, 200);
            drain(collection);
            early = image(collection, 1);
            fill(collection, 200, 300);
            drain(collection);
            collection.requestIndexCheckpoint();
            assertThat(collection.buildWork(1)).isZero();
            fill(collection, 300, 330);
            drain(collection);
            late = image(collection, 2);
        }
        try (VectorCollection collection = open(late);
                Searcher searcher = collection.newSearcher()) {
            assertThat(collection.stats().indexedRows()).isEqualTo(300);
            searcher.search(query(), 0, 5, 50);
            assertThat(searcher.scanned()).isEqualTo(30);
        }
        try (VectorCollection collection = open(early);
                Searcher searcher = collection.newSearcher()) {
            assertThat(collection.stats().indexedRows()).isEqualTo(200);
            fill(collection, 200, 260);
            drain(collection);
            assertThat(collection.stats().graphNodes()).isEqualTo(260);
            for (int id = 0; id < 260; id++) {
                searcher.search(buffer(vector(id)), 0, 1, 60);
                assertThat(searcher.idLeast(0)).isEqualTo(id);
            }
        }
    }

    @Test
    void theBuilderKeepsEveryGraphWhenItEnds() {
        IndexBuilder builder = new IndexBuilder();
        VectorCollection closed = VectorCollection.open(
                config(directory.resolve("other"), DIMENSION, Metric.EUCLIDEAN), index(50, 1_000));
        try (VectorCollection collection = open(50, 1_000)) {
            builder.add(closed);
            builder.add(collection);
            fill(collection, 0, 120);
            drain(builder);
            closed.close();
            builder.onClose();
            assertThat(builder.roleName()).isEqualTo("index");
            collection.points().checkpoint(1);
        }
        assertThat(Files.exists(directory.resolve("graph.manifest"))).isTrue();
    }

    @Test
    void valuesThatMakeNoSenseAreRefused() {
        assertThatThrownBy(() -> new IndexConfig(true, 0, 1, GraphConfig.of(3)))
                .isInstanceOfSatisfying(
                        VectorsException.class, e -> assertThat(e.reason()).isEqualTo(Reason.INVALID_CONFIG));
        assertThat(IndexConfig.of(3).minRows()).isEqualTo(2_000);
    }

    private VectorCollection open(int minRows, int tailRows) {
        return VectorCollection.open(config(directory, DIMENSION, Metric.EUCLIDEAN), index(minRows, tailRows));
    }

    private VectorCollection open(StoreManifest image) {
        return VectorCollection.open(config(directory, DIMENSION, Metric.EUCLIDEAN), index(50, 1_000), image);
    }

    private StoreManifest image(VectorCollection collection, long position) {
        StoreManifest image = collection.points().image(position);
        StoreImage.of(directory, collection.points().shape(), image).force();
        return image;
    }

    private static IndexConfig index(int minRows, int tailRows) {
        return index(DIMENSION, minRows, tailRows);
    }

    static IndexConfig index(int dimension, int minRows, int tailRows) {
        return new IndexConfig(true, minRows, (long) tailRows * ROW_BYTES, new GraphConfig(dimension, 256, 40, 16, 1));
    }

    private static void fill(VectorCollection collection, int from, int to) {
        for (int id = from; id < to; id++) {
            collection.add(0, id, 1, buffer(vector(id)), 0, NO_PAYLOAD, 0, 0);
        }
    }

    private static float[] vector(int id) {
        return TestVectors.random(new Random(id), DIMENSION);
    }

    private static org.agrona.DirectBuffer query() {
        return buffer(vector(-1));
    }

    private static void drain(VectorCollection collection) {
        while (collection.buildWork(100) > 0) {
            assertThat(collection.tailRows()).isNotNegative();
        }
    }

    private static void drain(IndexBuilder builder) {
        int turns = 0;
        while (builder.doWork() > 0) {
            assertThat(++turns).isLessThan(100_000);
        }
    }
}
