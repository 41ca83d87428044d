package io.grape.vectors.graph;

import io.grape.vectors.segment.DiskBudget;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Run by hand: {@code GraphMeasurement file dimension rows buildBeam alpha}; the file holds raw little-endian float32
 * rows. Every {@code total / 500}-th row is a query and is not indexed. Prints build time, then recall@10 and queries a
 * second of one thread for a range of beams.
 */
final class GraphMeasurement {
    private static final int QUERIES = 500;
    private static final int K = 10;

    private GraphMeasurement() {}

    public static void main(String[] arguments) throws Exception {
        int dimension = Integer.parseInt(arguments[1]);
        int rows = Integer.parseInt(arguments[2]);
        float[][] base = new float[rows][];
        float[][] queries = new float[QUERIES][];
        load(Path.of(arguments[0]), dimension, base, queries);
        int[][] truth = IntStream.range(0, QUERIES)
                .parallel()
                .mapToObj(i -> exact(base, queries[i]))
                .toArray(int[][]::new);
        GraphConfig config = new GraphConfig(
                dimension,
                GraphConfig.of(dimension).blocksPerFile(),
                Integer.parseInt(arguments[3]),
                Float.parseFloat(arguments[4]),
                1);
        Path directory = Files.createTempDirectory("graph");
        try (VectorGraph graph = new VectorGraph(directory, config, new DiskBudget(8L << 30, p -> Long.MAX_VALUE));
                GraphSearcher searcher = new GraphSearcher(graph)) {
            long start = cpu();
            long wall = System.nanoTime();
            for (float[] vector : base) {
                System.arraycopy(vector, 0, graph.vector(), 0, dimension);
                graph.insert();
            }
            System.out.printf(
                    "build %d: cpu %.1f s, wall %.1f s, %.0f bytes a node%n",
                    rows, (cpu() - start) / 1e9, (System.nanoTime() - wall) / 1e9, (double)
                            NodeBlockLayout.of(dimension).blockBytes());
            for (int beam : new int[] {10, 16, 24, 32, 48, 64, 96, 128, 192, 256, 384, 512, 768}) {
                search(searcher, queries, truth, beam);
                search(searcher, queries, truth, beam);
                System.out.println(search(searcher, queries, truth, beam));
            }
        }
        try (var files = Files.list(directory)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(directory);
    }

    private static String search(GraphSearcher searcher, float[][] queries, int[][] truth, int beam) {
        long[] best = new long[2048];
        int hits = 0;
        long expandedSum = 0;
        long allocated = allocated();
        long start = cpu();
        for (int q = 0; q < queries.length; q++) {
            Arrays.fill(searcher.vector(), 0);
            System.arraycopy(queries[q], 0, searcher.vector(), 0, queries[q].length);
            searcher.begin();
            int expanded = searcher.search(beam);
            expandedSum += expanded;
            for (int i = 0; i < expanded; i++) {
                best[i] = (long) Float.floatToIntBits(searcher.squaredDistance(i)) << 32 | searcher.row(i);
            }
            Arrays.sort(best, 0, expanded);
            for (int i = 0; i < Math.min(K, expanded); i++) {
                for (int id : truth[q]) {
                    hits += id == (int) best[i] ? 1 : 0;
                }
            }
        }
        double seconds = (cpu() - start) / 1e9;
        return String.format(
                "beam %d: recall@10 %.4f, %.0f queries per cpu second, %d expanded, %d B a query",
                beam,
                hits / (double) (K * queries.length),
                queries.length / seconds,
                expandedSum / queries.length,
                (allocated() - allocated) / queries.length);
    }

    private static int[] exact(float[][] base, float[] query) {
        long[] keys = new long[K + 1];
        Arrays.fill(keys, Long.MAX_VALUE);
        for (int i = 0; i < base.length; i++) {
            float sum = 0;
            float[] row = base[i];
            for (int j = 0; j < query.length; j++) {
                float d = row[j] - query[j];
                sum += d * d;
            }
            long key = (long) Float.floatToIntBits(sum) << 32 | i;
            if (key < keys[K - 1]) {
                keys[K] = key;
                Arrays.sort(keys);
            }
        }
        return IntStream.range(0, K).map(i -> (int) keys[i]).toArray();
    }

    private static void load(Path file, int dimension, float[][] base, float[][] queries) throws Exception {
        try (FileChannel channel = FileChannel.open(file)) {
            FloatBuffer floats = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size())
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .asFloatBuffer();
            int every = (base.length + queries.length) / queries.length;
            int b = 0;
            int q = 0;
            for (int row = 0; b < base.length || q < queries.length; row++) {
                float[] vector = new float[dimension];
                floats.get(row * dimension, vector);
                double norm = 0;
                for (float x : vector) {
                    norm += (double) x * x;
                }
                float scale = (float) (1 / Math.sqrt(norm));
                for (int i = 0; i < dimension; i++) {
                    vector[i] *= scale;
                }
                if (row % every == 0 && q < queries.length || b == base.length) {
                    queries[q++] = vector;
                } else {
                    base[b++] = vector;
                }
            }
        }
    }

    private static long allocated() {
        return ((com.sun.management.ThreadMXBean) java.lang.management.ManagementFactory.getThreadMXBean())
                .getCurrentThreadAllocatedBytes();
    }

    private static long cpu() {
        return java.lang.management.ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }
}
