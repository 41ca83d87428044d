package io.grape.benchmarks.micro;

import io.grape.vectors.GraphIndexer;
import io.grape.vectors.PointStore;
import io.grape.vectors.PointStoreConfig;
import io.grape.vectors.Searcher;
import io.grape.vectors.graph.GraphConfig;
import io.grape.vectors.model.Metric;
import io.grape.vectors.model.VectorShape;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.UnsafeBuffer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Searches and writes of a point store of random vectors. Bar: nothing allocated, but for the rows of a write, whose new files
 * cost some kilobytes for every hundred thousand. Random vectors have no near neighbours, so times here say nothing of real ones.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class StoreBenchmark {
    private static final int ROWS = 5_000;
    private static final int QUERIES = 256;
    private static final int K = 10;
    private static final int BEAM = 64;
    private static final int BATCH = 1_000;
    private static final long BUDGET_BYTES = 16L << 30;

    /** A store in a directory of its own. */
    @State(Scope.Thread)
    public static class Store {
        @Param({"100", "384"})
        public int dimension;

        private Path directory;
        private PointStore points;
        private UnsafeBuffer vectors;
        private int vectorBytes;
        private int next;

        /** Makes it anew for each iteration, because rows are never removed. */
        @Setup(Level.Iteration)
        public void open() throws IOException {
            directory = Files.createTempDirectory("store-benchmark");
            VectorShape shape = new VectorShape(dimension, Metric.COSINE);
            vectorBytes = shape.vectorBytes();
            points = PointStore.open(PointStoreConfig.of(directory, shape, BUDGET_BYTES));
            vectors = new UnsafeBuffer(new byte[QUERIES * vectorBytes]);
            SplittableRandom random = new SplittableRandom(1);
            for (int at = 0; at < vectors.capacity(); at += Float.BYTES) {
                vectors.putFloat(at, (float) random.nextGaussian(), ByteOrder.LITTLE_ENDIAN);
            }
            next = 0;
        }

        private int offset() {
            return next++ % QUERIES * vectorBytes;
        }

        /** Takes it away again. */
        @TearDown(Level.Iteration)
        public void close() throws IOException {
            points.close();
            try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
                for (Path file : files) {
                    Files.delete(file);
                }
            }
            Files.delete(directory);
        }
    }

    /** A store that is filled and linked. */
    @State(Scope.Thread)
    public static class Linked {
        private GraphIndexer indexer;
        private Searcher searcher;

        /** Fills and links it. */
        @Setup(Level.Iteration)
        public void link(Store store) {
            indexer = store.points.newIndexer(GraphConfig.of(store.dimension));
            SplittableRandom random = new SplittableRandom(2);
            UnsafeBuffer vector = new UnsafeBuffer(new byte[store.vectorBytes]);
            for (int row = 0; row < ROWS; row++) {
                for (int at = 0; at < store.vectorBytes; at += Float.BYTES) {
                    vector.putFloat(at, (float) random.nextGaussian(), ByteOrder.LITTLE_ENDIAN);
                }
                store.points.upsert(0, row, 1, vector, 0, vector, 0, 0);
            }
            while (indexer.buildWork(BATCH) > 0) {
                Thread.onSpinWait();
            }
            searcher = store.points.newSearcher();
        }

        /** Leaves it. */
        @TearDown(Level.Iteration)
        public void leave() {
            searcher.close();
            indexer.close();
        }
    }

    /** By the graph, ten nearest, beam 64, among 5,000. */
    @Benchmark
    public int graphSearch(Store store, Linked linked) {
        return linked.searcher.search(store.vectors, store.offset(), K, BEAM);
    }

    /** By a scan of 5,000 rows. */
    @Benchmark
    public int exactSearch(Store store, Linked linked) {
        return linked.searcher.search(store.vectors, store.offset(), K);
    }

    /** A new point, or a new vector of one of 4,096; not linked. */
    @Benchmark
    public long upsert(Store store) {
        int offset = store.offset();
        store.points.upsert(0, store.next & 4095, store.next, store.vectors, offset, store.vectors, 0, 0);
        return store.next;
    }
}
