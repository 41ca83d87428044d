package io.grape.vectors;

import com.sun.management.ThreadMXBean;
import io.grape.vectors.collection.IndexConfig;
import io.grape.vectors.collection.VectorCollection;
import io.grape.vectors.graph.GraphConfig;
import io.grape.vectors.model.Metric;
import io.grape.vectors.model.VectorShape;
import io.grape.vectors.query.SearchParameters;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.agrona.concurrent.UnsafeBuffer;
import org.roaringbitmap.RoaringBitmap;

/**
 * Run by hand: {@code FilterMeasurement rows dimension beam}. For falling parts of the rows that a filter allows, prints CPU
 * time and recall@10 of what the searcher chooses, and CPU time of comparing the allowed rows, in turns. Clustered data.
 */
final class FilterMeasurement {
    private static final int K = 10;
    private static final int QUERIES = 200;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private FilterMeasurement() {}

    public static void main(String[] arguments) throws Exception {
        int rows = Integer.parseInt(arguments[0]);
        int dimension = Integer.parseInt(arguments[1]);
        int beam = Integer.parseInt(arguments[2]);
        Path directory = Files.createTempDirectory("filter");
        PointStoreConfig config =
                PointStoreConfig.of(directory, new VectorShape(dimension, Metric.EUCLIDEAN), 16L << 30);
        IndexConfig index = new IndexConfig(true, 1, Long.MAX_VALUE, GraphConfig.of(dimension));
        try (VectorCollection collection = VectorCollection.open(config, index);
                Searcher searcher = collection.newSearcher()) {
            Random random = new Random(1);
            for (int row = 0; row < rows; row++) {
                collection.add(0, row, 1, clustered(random, dimension), 0, TestVectors.NO_PAYLOAD, 0, 0);
            }
            long linked = 1;
            while (linked > 0) {
                linked = collection.buildWork(1_000);
            }
            System.out.printf("%d rows, %d dimensions, beam %d%n", rows, dimension, beam);
            for (double part : new double[] {1, 0.5, 0.3, 0.2, 0.1, 0.07, 0.05, 0.03, 0.02, 0.01, 0.005, 0.001}) {
                measure(searcher, part, rows, dimension, beam);
            }
        }
        try (var files = Files.list(directory)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(directory);
    }

    private static void measure(Searcher searcher, double part, int rows, int dimension, int beam) {
        Random random = new Random(2);
        RoaringBitmap allowed = new RoaringBitmap();
        for (int row = 0; row < rows; row++) {
            if (random.nextDouble() < part) {
                allowed.add(row);
            }
        }
        SearchParameters how = new SearchParameters();
        long nearNs = Long.MAX_VALUE;
        long exactNs = Long.MAX_VALUE;
        int hits = 0;
        int graphs = 0;
        for (int round = 0; round < 4; round++) {
            Random queries = new Random(3);
            long near = 0;
            long exact = 0;
            hits = 0;
            graphs = 0;
            for (int query = 0; query < QUERIES; query++) {
                UnsafeBuffer vector = clustered(queries, dimension);
                long start = THREADS.getCurrentThreadCpuTime();
                searcher.search(vector, 0, K, how.reset().rows(allowed).beam(beam));
                near += THREADS.getCurrentThreadCpuTime() - start;
                graphs += searcher.exact() ? 0 : 1;
                Set<Long> found = new HashSet<>();
                for (int i = 0; i < searcher.count(); i++) {
                    found.add(searcher.idLeast(i));
                }
                start = THREADS.getCurrentThreadCpuTime();
                searcher.search(vector, 0, K, how.exact(true));
                exact += THREADS.getCurrentThreadCpuTime() - start;
                for (int i = 0; i < searcher.count(); i++) {
                    hits += found.contains(searcher.idLeast(i)) ? 1 : 0;
                }
            }
            nearNs = Math.min(nearNs, near);
            exactNs = Math.min(exactNs, exact);
        }
        System.out.printf(
                "allowed %.3f: chosen %.1f us (graph in %d of %d), recall@10 %.4f; one by one %.1f us%n",
                part, nearNs / 1e3 / QUERIES, graphs, QUERIES, hits / (double) (K * QUERIES), exactNs / 1e3 / QUERIES);
    }

    private static UnsafeBuffer clustered(Random random, int dimension) {
        Random centre = new Random(random.nextInt(200));
        float[] vector = new float[dimension];
        for (int i = 0; i < dimension; i++) {
            vector[i] = (float) (centre.nextGaussian() + 0.7 * random.nextGaussian());
        }
        return TestVectors.buffer(vector);
    }
}
