package io.grape.vectors.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.grape.vectors.segment.DiskBudget;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Rotation, codes and the scan of codes, against the formulas in float64. */
class CodeScanProperty {
    private static final int NODES = 32;
    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT.withOrder(ByteOrder.LITTLE_ENDIAN);

    @Test
    void codesAndListsDoNotOverlapAndListsStartOnCacheLines() {
        for (int dimension : new int[] {1, 4, 64, 100, 112, 113, 128, 384, 512, 784, 1024, 4096}) {
            NodeLayout layout = new NodeLayout(dimension, 1024);
            assertThat(layout.paddedDimension() % 4).isZero();
            assertThat(layout.paddedDimension()).isBetween(dimension, dimension + 3);
            int levelEnd = layout.levelOffset() + 2 * layout.words();
            assertThat(layout.codeStride() % 64).isZero();
            assertThat(layout.codeStride()).isGreaterThanOrEqualTo(levelEnd);
            if (layout.hasSigns()) {
                assertThat(8 * layout.signBytes()).isGreaterThanOrEqualTo(layout.paddedDimension());
                assertThat(layout.signFactorOffset()).isEqualTo(layout.signBytes());
                assertThat(layout.normOffset()).isEqualTo(layout.signBytes() + 8);
                assertThat(layout.factorOffset()).isEqualTo(layout.signBytes() + 12);
                assertThat(layout.levelOffset()).isGreaterThanOrEqualTo(layout.factorOffset() + 4);
            } else {
                assertThat(layout.factorOffset()).isGreaterThanOrEqualTo(levelEnd);
                assertThat(layout.normOffset()).isEqualTo(layout.factorOffset() + 4);
                assertThat(layout.codeStride()).isEqualTo(layout.normOffset() + 4);
            }
            assertThat(layout.linksOffset() % 64).isZero();
            assertThat(layout.linksOffset()).isGreaterThanOrEqualTo(64 + 1024L * layout.codeStride());
            assertThat(layout.fileBytes()).isEqualTo(layout.linksOffset() + 1024 * 128);
        }
        assertThat(new NodeLayout(100, 16).codeStride()).isEqualTo(64);
        assertThat(new NodeLayout(112, 16).codeStride()).isEqualTo(64);
        assertThat(new NodeLayout(128, 16).codeStride()).isEqualTo(128);
        assertThat(new NodeLayout(384, 16).codeStride()).isEqualTo(256);
        assertThat(new NodeLayout(384, 16).levelOffset()).isEqualTo(64);
    }

    @Property(tries = 60)
    void theRotationKeepsLengthsAndAngles(@ForAll @IntRange(min = 1, max = 300) int quarter, @ForAll long seed) {
        int dimension = 4 * quarter;
        Random random = new Random(seed);
        Rotation rotation = new Rotation(dimension, seed);
        float[] a = gaussian(random, dimension);
        float[] b = gaussian(random, dimension);
        double before = dot(a, b);
        double length = dot(a, a);
        rotation.apply(a);
        rotation.apply(b);
        assertThat(dot(a, a)).isCloseTo(length, within(1e-4 * length));
        assertThat(dot(a, b)).isCloseTo(before, within(1e-4 * dimension));
    }

    @Property(tries = 25)
    void theScanEqualsItsFormulaAndEstimatesWithoutBias(
            @ForAll @IntRange(min = 1, max = 1200) int dimension, @ForAll long seed) throws IOException {
        Random random = new Random(seed);
        int length = new NodeLayout(dimension, 64).paddedDimension();
        float[][] vectors = new float[NODES][];
        for (int node = 0; node < NODES; node++) {
            vectors[node] = gaussian(random, length);
        }
        float[] query = gaussian(random, length);
        double[][] results = scan(dimension, vectors, query);
        double meanError = 0;
        for (int node = 0; node < NODES; node++) {
            double size = Math.sqrt(dot(query, query) * dot(vectors[node], vectors[node]));
            // The query is rounded to 127 steps of its largest component.
            assertThat(results[0][node]).isCloseTo(results[1][node], within(0.02 * size + 1e-3));
            double error = (results[0][node] - squaredDistance(query, vectors[node])) / size;
            meanError += error / NODES;
            if (dimension >= 64) {
                assertThat(Math.abs(error)).isLessThan(0.12);
            }
        }
        if (dimension >= 64) {
            assertThat(Math.abs(meanError)).isLessThan(0.03);
        }
    }

    @Property(tries = 25)
    void signsBoundMostDistancesFromBelowAndLetTheNearThrough(
            @ForAll @IntRange(min = 113, max = 1200) int dimension, @ForAll long seed) throws IOException {
        NodeLayout layout = new NodeLayout(dimension, 64);
        Random random = new Random(seed);
        float[] query = gaussian(random, layout.paddedDimension());
        Path directory = Files.createTempDirectory("codes");
        try (NodeFiles nodes = new NodeFiles(directory, layout, 1, new DiskBudget(1L << 30, path -> Long.MAX_VALUE));
                Arena arena = Arena.ofConfined()) {
            nodes.prepare(0);
            MemorySegment memory = nodes.memoriesAcquire()[0];
            double[] distances = new double[NODES];
            int[] numbers = new int[NODES];
            for (int node = 0; node < NODES; node++) {
                float[] vector = node == 0 ? query.clone() : gaussian(random, layout.paddedDimension());
                numbers[node] = node;
                distances[node] = squaredDistance(query, vector);
                NodeCode.write(vector, memory, nodes.codeOffset(node), layout);
            }
            CodeScan scan = new CodeScan(nodes, arena);
            scan.prepare(query);
            assertThat(scan.keepNearer(numbers.clone(), NODES, Float.POSITIVE_INFINITY))
                    .isEqualTo(NODES);
            int[] kept = numbers.clone();
            // What equals the query is far below any other distance, and their bounds.
            assertThat(scan.keepNearer(kept, NODES, dimension / 4f)).isEqualTo(1);
            assertThat(kept[0]).isZero();
            SignScan signs = new SignScan(nodes, arena);
            float largest = 0;
            for (float component : query) {
                largest = Math.max(largest, Math.abs(component));
            }
            signs.prepare(query, largest, (float) dot(query, query));
            int below = 0;
            for (int node = 0; node < NODES; node++) {
                float bound = signs.bound(memory, nodes.codeOffset(node));
                below += bound <= distances[node] ? 1 : 0;
                assertThat((double) bound).isGreaterThan(distances[node] - 1.5 * dimension);
            }
            assertThat(below).isGreaterThan(NODES * 3 / 4);
        } finally {
            Files.delete(directory.resolve("graph-0"));
            Files.delete(directory);
        }
    }

    @Test
    void aVectorAtTheCentreHasTheDistanceOfTheQuery() throws IOException {
        assertThat(scan(8, new float[][] {new float[8]}, new float[] {3, 4, 0, 0, 0, 0, 0, 0})[0][0])
                .isEqualTo(25);
        assertThat(scan(8, new float[][] {new float[8]}, new float[8])[0][0]).isZero();
    }

    /** Estimates by the scan, and by the stored levels and factors one component after another. */
    private static double[][] scan(int dimension, float[][] vectors, float[] query) throws IOException {
        NodeLayout layout = new NodeLayout(dimension, 64);
        Path directory = Files.createTempDirectory("codes");
        try (NodeFiles nodes = new NodeFiles(directory, layout, 1, new DiskBudget(1L << 30, path -> Long.MAX_VALUE));
                Arena arena = Arena.ofConfined()) {
            nodes.prepare(0);
            MemorySegment memory = nodes.memoriesAcquire()[0];
            int[] numbers = new int[vectors.length];
            for (int node = 0; node < vectors.length; node++) {
                numbers[node] = node;
                NodeCode.write(vectors[node], memory, nodes.codeOffset(node), layout);
            }
            CodeScan scan = new CodeScan(nodes, arena);
            scan.prepare(query);
            float[] estimates = new float[vectors.length];
            scan.scan(numbers, vectors.length, estimates);
            double[][] results = new double[2][vectors.length];
            for (int node = 0; node < vectors.length; node++) {
                long code = nodes.codeOffset(node);
                double product = 0;
                for (int i = 0; i < query.length; i++) {
                    int word = memory.get(SHORT, code + layout.levelOffset() + 2L * (i % layout.words()));
                    product += ((word >>> 4 * (i / layout.words()) & 15) - 7.5) * query[i];
                }
                results[0][node] = estimates[node];
                results[1][node] = dot(query, query)
                        + memory.get(NodeFiles.FLOAT, code + layout.normOffset())
                        - 2 * memory.get(NodeFiles.FLOAT, code + layout.factorOffset()) * product;
            }
            return results;
        } finally {
            Files.delete(directory.resolve("graph-0"));
            Files.delete(directory);
        }
    }

    private static float[] gaussian(Random random, int length) {
        float[] vector = new float[length];
        for (int i = 0; i < length; i++) {
            vector[i] = (float) random.nextGaussian();
        }
        return vector;
    }

    private static double dot(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += (double) a[i] * b[i];
        }
        return sum;
    }

    private static double squaredDistance(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += ((double) a[i] - b[i]) * ((double) a[i] - b[i]);
        }
        return sum;
    }
}
