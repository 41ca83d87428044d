package io.grape.vectors;

import com.sun.management.ThreadMXBean;
import io.grape.vectors.model.Metric;
import io.grape.vectors.model.VectorShape;
import java.lang.management.ManagementFactory;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.agrona.concurrent.UnsafeBuffer;

/** Run by hand: {@code ScanMeasurement rows dimension}; prints ingestion, scan speed and bytes allocated. */
final class ScanMeasurement {
    private static final int ROUNDS = 60;

    private ScanMeasurement() {}

    public static void main(String[] arguments) throws Exception {
        int rows = Integer.parseInt(arguments[0]);
        int dimension = Integer.parseInt(arguments[1]);
        Path parent = Files.createTempDirectory("scan");
        long start = System.nanoTime();
        new VectorsWarmup(parent).run();
        System.out.printf("warm-up %.0f ms%n", (System.nanoTime() - start) / 1e6);
        for (Metric metric : Metric.values()) {
            measure(parent.resolve(metric.name()), new VectorShape(dimension, metric), rows);
        }
    }

    private static void measure(Path directory, VectorShape shape, int rows) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long start = System.nanoTime();
        try (PointStore store = PointStore.open(PointStoreConfig.of(directory, shape, 4L << 30));
                Searcher searcher = store.newSearcher()) {
            double openMs = (System.nanoTime() - start) / 1e6;
            Random random = new Random(1);
            UnsafeBuffer vector = new UnsafeBuffer(new byte[shape.vectorBytes()]);
            long[] putNs = new long[rows];
            long allocated = 0;
            for (int i = 0; i < rows; i++) {
                fill(vector, shape.dimension(), random);
                long bytes = threads.getCurrentThreadAllocatedBytes();
                long at = System.nanoTime();
                store.upsert(0, i, i, vector, 0, vector, 0, 16);
                putNs[i] = System.nanoTime() - at;
                if (i >= rows / 2) {
                    allocated += threads.getCurrentThreadAllocatedBytes() - bytes;
                }
            }
            Arrays.sort(putNs);
            System.out.printf(
                    "%s open %.1f ms; upsert p50 %.1f p99 %.1f p99.9 %.1f max %.0f us, %.1f B%n",
                    shape.metric(),
                    openMs,
                    putNs[rows / 2] / 1e3,
                    putNs[(int) (rows * 0.99)] / 1e3,
                    putNs[(int) (rows * 0.999)] / 1e3,
                    putNs[rows - 1] / 1e3,
                    allocated / (rows / 2.0));
            long[] searchNs = new long[ROUNDS];
            for (int round = 0; round < 2 * ROUNDS; round++) {
                fill(vector, shape.dimension(), random);
                long bytes = threads.getCurrentThreadAllocatedBytes();
                long at = System.nanoTime();
                searcher.search(vector, 0, 10);
                searchNs[round % ROUNDS] = System.nanoTime() - at;
                allocated = threads.getCurrentThreadAllocatedBytes() - bytes;
            }
            Arrays.sort(searchNs);
            double p50 = searchNs[ROUNDS / 2];
            System.out.printf(
                    "  search min %.3f p50 %.3f ms max %.3f ms, %.1f GB/s of vectors, %.0f M rows/s, %d B%n",
                    searchNs[0] / 1e6,
                    p50 / 1e6,
                    searchNs[ROUNDS - 1] / 1e6,
                    rows * (double) shape.vectorBytes() / searchNs[0],
                    rows * 1e3 / searchNs[0],
                    allocated);
        }
    }

    private static void fill(UnsafeBuffer vector, int dimension, Random random) {
        for (int i = 0; i < dimension; i++) {
            vector.putFloat(i << 2, random.nextFloat() - 0.5f, ByteOrder.LITTLE_ENDIAN);
        }
    }
}
