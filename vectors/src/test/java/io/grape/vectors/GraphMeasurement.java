package io.grape.vectors;

import com.sun.management.ThreadMXBean;
import io.grape.vectors.graph.GraphConfig;
import io.grape.vectors.model.Metric;
import io.grape.vectors.model.VectorShape;
import java.lang.management.ManagementFactory;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Run by hand: {@code GraphMeasurement base queries truth dimension metric buildBeam threads}; raw little-endian float32
 * rows, and for each query the numbers of its 100 nearest rows. Prints CPU seconds of the build, then for a range of
 * beams recall@10 and queries per second of CPU time of one thread.
 */
final class GraphMeasurement {
    private static final int K = 10;
    private static final int TRUTH = 100;
    private static final int ROUNDS = 4;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private GraphMeasurement() {}

    public static void main(String[] arguments) throws Exception {
        int dimension = Integer.parseInt(arguments[3]);
        VectorShape shape = new VectorShape(dimension, Metric.valueOf(arguments[4]));
        GraphConfig usual = GraphConfig.of(dimension);
        GraphConfig config = new GraphConfig(
                dimension, usual.nodesPerFile(), Integer.parseInt(arguments[5]), usual.firstRows(), usual.seed());
        FloatBuffer base = map(arguments[0]).asFloatBuffer();
        FloatBuffer queries = map(arguments[1]).asFloatBuffer();
        IntBuffer truth = map(arguments[2]).asIntBuffer();
        Path directory = Files.createTempDirectory("graph");
        try (PointStore store = PointStore.open(PointStoreConfig.of(directory, shape, 16L << 30));
                GraphIndexer indexer = store.newIndexer(config);
                Searcher searcher = store.newSearcher()) {
            UnsafeBuffer vector = new UnsafeBuffer(new byte[shape.vectorBytes()]);
            int rows = base.capacity() / dimension;
            for (int row = 0; row < rows; row++) {
                fill(vector, base, row, dimension);
                store.upsert(0, row, 1, vector, 0, vector, 0, 0);
            }
            build(indexer, Integer.parseInt(arguments[6]), rows);
            System.out.printf("%d MB of files in all%n", store.stats().fileBytes() >> 20);
            for (int beam : new int[] {20, 30, 40, 60, 80, 100, 140, 200, 300, 400, 500, 600, 800, 1200}) {
                measure(searcher, queries, truth, dimension, beam);
            }
            long start = System.nanoTime();
            store.checkpoint(1);
            System.out.printf("checkpoint %.0f ms%n", (System.nanoTime() - start) / 1e6);
        }
        long start = System.nanoTime();
        try (PointStore store = PointStore.open(PointStoreConfig.of(directory, shape, 16L << 30));
                GraphIndexer indexer = store.newIndexer(config)) {
            System.out.printf("open %.1f ms, backlog %d%n", (System.nanoTime() - start) / 1e6, indexer.backlog());
        }
        try (var files = Files.list(directory)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(directory);
    }

    private static void build(GraphIndexer indexer, int threads, int rows) throws Exception {
        long[] cpu = new long[threads];
        List<Thread> helpers = new ArrayList<>();
        long wall = System.nanoTime();
        for (int i = 1; i < threads; i++) {
            int number = i;
            GraphIndexer helper = indexer.newHelper();
            helpers.add(Thread.ofPlatform().start(() -> {
                cpu[number] = drain(helper);
                helper.close();
            }));
        }
        cpu[0] = drain(indexer);
        long sum = cpu[0];
        for (int i = 1; i < threads; i++) {
            helpers.get(i - 1).join();
            sum += cpu[i];
        }
        System.out.printf(
                "build %d rows, %d threads: cpu %.1f s in all, wall %.1f s%n",
                rows, threads, sum / 1e9, (System.nanoTime() - wall) / 1e9);
    }

    private static long drain(GraphIndexer indexer) {
        long start = THREADS.getCurrentThreadCpuTime();
        long rows = 0;
        for (int work = indexer.buildWork(1000); work > 0; work = indexer.buildWork(1000)) {
            rows += work;
        }
        return rows == 0 ? 0 : THREADS.getCurrentThreadCpuTime() - start;
    }

    private static void measure(Searcher searcher, FloatBuffer queries, IntBuffer truth, int dimension, int beam) {
        int count = truth.capacity() / TRUTH;
        UnsafeBuffer vector = new UnsafeBuffer(new byte[dimension * Float.BYTES]);
        long best = Long.MAX_VALUE;
        long allocated = 0;
        int hits = 0;
        for (int round = 0; round < ROUNDS; round++) {
            hits = 0;
            allocated = THREADS.getCurrentThreadAllocatedBytes();
            long start = THREADS.getCurrentThreadCpuTime();
            for (int q = 0; q < count; q++) {
                fill(vector, queries, q, dimension);
                searcher.search(vector, 0, K, beam);
                for (int i = 0; i < searcher.count(); i++) {
                    for (int j = 0; j < K; j++) {
                        hits += truth.get(q * TRUTH + j) == searcher.idLeast(i) ? 1 : 0;
                    }
                }
            }
            best = Math.min(best, THREADS.getCurrentThreadCpuTime() - start);
            allocated = THREADS.getCurrentThreadAllocatedBytes() - allocated;
        }
        System.out.printf(
                "beam %d: recall@10 %.4f, %.0f queries per cpu second, %.1f B a query%n",
                beam, hits / (double) (K * count), count * 1e9 / best, allocated / (double) count);
    }

    private static void fill(UnsafeBuffer vector, FloatBuffer rows, int row, int dimension) {
        for (int i = 0; i < dimension; i++) {
            vector.putFloat(i << 2, rows.get(row * dimension + i), ByteOrder.LITTLE_ENDIAN);
        }
    }

    private static java.nio.MappedByteBuffer map(String file) throws Exception {
        try (FileChannel channel = FileChannel.open(Path.of(file))) {
            java.nio.MappedByteBuffer buffer = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size());
            buffer.order(ByteOrder.LITTLE_ENDIAN);
            return buffer;
        }
    }
}
