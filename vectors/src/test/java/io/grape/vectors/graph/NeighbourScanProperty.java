package io.grape.vectors.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.grape.vectors.segment.DiskBudget;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Rotation, edge codes and the scan of a block, against the formulas in float64. */
class NeighbourScanProperty {
    private static final int DEGREE = NodeBlockLayout.DEGREE;

    @Test
    void blocksHaveNoGapsAndStartOnCacheLines() {
        for (int dimension : new int[] {1, 64, 100, 384, 784, 4096}) {
            NodeBlockLayout layout = NodeBlockLayout.of(dimension);
            assertThat(layout.paddedDimension() % 64).isZero();
            assertThat(layout.paddedDimension()).isBetween(dimension, dimension + 63);
            assertThat(layout.vectorOffset()).isEqualTo(576 + 4 * layout.paddedDimension());
            assertThat(layout.blockBytes()).isEqualTo(576 + 8 * layout.paddedDimension());
            assertThat(layout.blockBytes() % 64).isZero();
        }
        assertThat(NodeBlockLayout.CODES_OFFSET).isEqualTo(576);
        assertThat(NodeBlockLayout.SLOPE_OFFSET).isEqualTo(448);
        assertThat(NodeBlockLayout.OFFSET_TERM_OFFSET).isEqualTo(320);
        assertThat(NodeBlockLayout.DISTANCE_OFFSET).isEqualTo(192);
    }

    @Property(tries = 60)
    void theRotationKeepsLengthsAndAngles(@ForAll @IntRange(min = 1, max = 20) int blocks, @ForAll long seed) {
        int dimension = 64 * blocks;
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
    void theScanEqualsItsFormulaUpToTheTablesSteps(
            @ForAll @IntRange(min = 1, max = 400) int dimension, @ForAll long seed) throws IOException {
        Random random = new Random(seed);
        NodeBlockLayout layout = NodeBlockLayout.of(dimension);
        int padded = layout.paddedDimension();
        Path directory = Files.createTempDirectory("blocks");
        try (NodeBlocks blocks = new NodeBlocks(directory, layout, 64, budget());
                Arena arena = Arena.ofConfined()) {
            float[][] nodes = new float[DEGREE + 1][];
            for (int node = 0; node <= DEGREE; node++) {
                blocks.prepare(node);
                nodes[node] = gaussian(random, padded);
                for (int i = 0; i < padded; i++) {
                    blocks.memory(node)
                            .set(
                                    NodeBlocks.FLOAT,
                                    blocks.offset(node) + layout.vectorOffset() + 4L * i,
                                    nodes[node][i]);
                }
            }
            EdgeEncoder encoder = new EdgeEncoder(blocks);
            for (int slot = 0; slot < DEGREE; slot++) {
                encoder.write(0, slot, slot + 1, blocks.squaredDistance(0, slot + 1));
            }
            float[] query = gaussian(random, padded);
            NeighbourScan scan = new NeighbourScan(layout, arena);
            scan.prepare(query);
            float exact = (float) squaredDistance(query, nodes[0]);
            float[] estimates = new float[DEGREE];
            scan.scan(blocks.memory(0), blocks.offset(0), exact, estimates);
            double meanError = 0;
            for (int slot = 0; slot < DEGREE; slot++) {
                double formula = formula(nodes[0], nodes[slot + 1], query);
                double actual = squaredDistance(query, nodes[slot + 1]);
                // Half a step an entry, padded / 4 entries, each step at most 2 * 4 * max / 127.
                double bound = 0.02 * actual + slope(nodes[0], nodes[slot + 1]) * padded / 4.0 * 0.15;
                assertThat((double) estimates[slot]).isCloseTo(formula, within(bound));
                meanError += (estimates[slot] - actual) / actual / DEGREE;
            }
            // Unbiased: the errors of 32 neighbours cancel.
            assertThat(Math.abs(meanError)).isLessThan(0.25);
        } finally {
            Files.delete(directory.resolve("graph-0"));
            Files.delete(directory);
        }
    }

    static DiskBudget budget() {
        return new DiskBudget(1L << 30, path -> Long.MAX_VALUE);
    }

    private static double slope(float[] centre, float[] neighbour) {
        double squared = 0;
        double absolute = 0;
        for (int i = 0; i < centre.length; i++) {
            double r = neighbour[i] - centre[i];
            squared += r * r;
            absolute += Math.abs(r);
        }
        return 2 * squared / absolute;
    }

    private static double formula(float[] centre, float[] neighbour, float[] query) {
        double squared = 0;
        double signed = 0;
        for (int i = 0; i < centre.length; i++) {
            double r = neighbour[i] - centre[i];
            squared += r * r;
            signed += (r >= 0 ? 1 : -1) * ((double) query[i] - centre[i]);
        }
        return squaredDistance(query, centre) + squared - slope(centre, neighbour) * signed;
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
