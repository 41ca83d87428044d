package io.grape.benchmarks.micro;

import io.grape.vectors.PointStoreConfig;
import io.grape.vectors.Searcher;
import io.grape.vectors.collection.IndexConfig;
import io.grape.vectors.collection.VectorCollection;
import io.grape.vectors.graph.GraphConfig;
import io.grape.vectors.model.Metric;
import io.grape.vectors.model.VectorShape;
import io.grape.vectors.query.SearchParameters;
import java.io.IOException;
import java.nio.ByteOrder;
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
import org.roaringbitmap.RoaringBitmap;

/** What a collection with a graph does for each search and each write. Bar: nothing allocated. Random vectors. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class GraphBenchmark {
    private static final int K = 10;
    private static final int QUERIES = 256;
    private static final int SEGMENT_ROWS = 1 << 19;
    private static final long BUDGET_BYTES = 2L << 30;
    private static final long EXTENT_BYTES = 1 << 20;

    @Param({"20000"})
    public int points;

    @Param({"16", "100"})
    public int dimension;

    @Param({"32", "128"})
    public int beam;

    private Path directory = Path.of("");
    private VectorCollection collection;
    private Searcher searcher;
    private UnsafeBuffer vectors;
    private UnsafeBuffer queries;
    private final UnsafeBuffer noPayload = new UnsafeBuffer(new byte[0]);
    private final SearchParameters how = new SearchParameters();
    private final RoaringBitmap half = new RoaringBitmap();
    private int query;
    private int written;

    /** Fills and links. */
    @Setup(Level.Trial)
    public void fill() throws IOException {
        directory = Files.createTempDirectory("graph-benchmark");
        PointStoreConfig config = new PointStoreConfig(
                directory,
                new VectorShape(dimension, Metric.EUCLIDEAN),
                SEGMENT_ROWS,
                EXTENT_BYTES,
                BUDGET_BYTES,
                4L * points,
                path -> Long.MAX_VALUE);
        IndexConfig index = new IndexConfig(true, 1, Long.MAX_VALUE, GraphConfig.of(dimension));
        collection = VectorCollection.open(config, index);
        searcher = collection.newSearcher();
        SplittableRandom random = new SplittableRandom(5);
        vectors = random(random, points);
        queries = random(random, QUERIES);
        for (int id = 0; id < points; id++) {
            add(id);
            if ((id & 1) == 0) {
                half.add(id);
            }
        }
        long linked = 1;
        while (linked > 0) {
            linked = collection.buildWork(1_000);
        }
    }

    private UnsafeBuffer random(SplittableRandom random, int rows) {
        UnsafeBuffer filled = new UnsafeBuffer(new byte[rows * dimension * Float.BYTES]);
        for (int at = 0; at < filled.capacity(); at += Float.BYTES) {
            filled.putFloat(at, (float) random.nextGaussian(), ByteOrder.LITTLE_ENDIAN);
        }
        return filled;
    }

    private void add(int id) {
        collection.add(0, id, 1, vectors, id * dimension * Float.BYTES, noPayload, 0, 0);
    }

    private long search() {
        query = (query + 1) % QUERIES;
        return searcher.search(queries, query * dimension * Float.BYTES, K, how);
    }

    /** Through the graph. */
    @Benchmark
    public long graphSearch() {
        how.reset().beam(beam);
        return search();
    }

    /** Through the graph, every other row allowed. */
    @Benchmark
    public long graphSearchOfHalf() {
        how.reset().beam(beam).rows(half);
        return search();
    }

    /** Through the graph, without eight ids. */
    @Benchmark
    public long graphSearchWithoutSome() {
        how.reset().beam(beam).idsMean(SearchParameters.Ids.DENIED);
        for (int id = 0; id < 8; id++) {
            how.ids().add(0, id);
        }
        return search();
    }

    /** Eight ids looked up and compared. */
    @Benchmark
    public long searchAmongSome() {
        how.reset().idsMean(SearchParameters.Ids.ALLOWED);
        for (int id = 0; id < 8; id++) {
            how.ids().add(0, id);
        }
        return search();
    }

    /** Comparing every point. */
    @Benchmark
    public long exactSearch() {
        how.reset().exact(true);
        return search();
    }

    /** A point replaced; linking it is the builder's. */
    @Benchmark
    public long add() {
        written = (written + 1) % points;
        add(written);
        return written;
    }

    /** Unmaps and removes what was made. */
    @TearDown(Level.Trial)
    public void remove() throws IOException {
        searcher.close();
        collection.close();
        try (var files = Files.list(directory)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(directory);
    }
}
