package io.grape.vectors.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Kernels of whole numbers must give the numbers of the scalar reference, not nearly those. */
class ByteKernelProperty {
    private static final int ROWS = 8;
    private static final int BLOCKS = 3;

    @Property(tries = 60)
    void simdAndScalarProductsOfBytesAreEqual(@ForAll @IntRange(min = 1, max = 4096) int dimension, @ForAll long seed) {
        Random random = new Random(seed);
        compareBytes(dimension, () -> random.nextInt(255) - 127);
    }

    @Test
    void theLargestBytesDoNotOverflow() {
        compareBytes(4096, () -> 127);
        compareBytes(4096, () -> -127);
    }

    private interface Bytes {
        int next();
    }

    private static void compareBytes(int dimension, Bytes bytes) {
        int stride = (dimension + 63) & -64;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment query = arena.allocate(stride, 64);
            MemorySegment rows = arena.allocate((long) ROWS * stride, 64);
            for (int i = 0; i < dimension; i++) {
                query.set(ValueLayout.JAVA_BYTE, i, (byte) bytes.next());
                for (int row = 0; row < ROWS; row++) {
                    rows.set(ValueLayout.JAVA_BYTE, (long) row * stride + i, (byte) bytes.next());
                }
            }
            int[][] expected = new int[3][ROWS];
            int[][] actual = new int[3][ROWS];
            new ScalarByteKernel().dot(query, rows, 0, stride, ROWS, expected[0]);
            new ScalarByteKernel().dotAndSquares(query, rows, 0, stride, ROWS, expected[1], expected[2]);
            new PanamaByteKernel().dot(query, rows, 0, stride, ROWS, actual[0]);
            new PanamaByteKernel().dotAndSquares(query, rows, 0, stride, ROWS, actual[1], actual[2]);
            assertThat(actual).isDeepEqualTo(expected);
            assertThat(actual[1]).isEqualTo(actual[0]);
        }
    }

    @Property(tries = 60)
    void simdAndScalarSumsOfBitsAreEqualAndNearTheTruth(
            @ForAll @IntRange(min = 1, max = 2048) int dimension, @ForAll long seed) {
        Random random = new Random(seed);
        float[] query = new float[dimension];
        for (int i = 0; i < dimension; i++) {
            query[i] = (float) random.nextGaussian();
        }
        double[] truth = new double[BLOCKS * FastScan.ROWS];
        int groups = FastScan.groups(dimension);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment table = arena.allocate((long) groups * FastScan.GROUP_BYTES, 64);
            MemorySegment blocks = arena.allocate((long) BLOCKS * FastScan.blockBytes(dimension), 64);
            for (int row = 0; row < truth.length; row++) {
                for (int i = 0; i < dimension; i++) {
                    if (random.nextBoolean()) {
                        long block = (long) (row / FastScan.ROWS) * FastScan.blockBytes(dimension);
                        FastScan.setBit(blocks, block, row % FastScan.ROWS, i);
                        truth[row] += query[i];
                    }
                }
            }
            float[] scale = new float[2];
            FastScan.writeTable(query, table, scale);
            short[] expected = new short[truth.length];
            short[] actual = new short[truth.length];
            new ScalarFastScan().scan(table, blocks, 0, groups, BLOCKS, expected);
            new PanamaFastScan().scan(table, blocks, 0, groups, BLOCKS, actual);
            assertThat(actual).isEqualTo(expected);
            for (int row = 0; row < truth.length; row++) {
                double sum = scale[0] * (actual[row] & 0xFFFF) + scale[1];
                // Each group's entry is rounded by half a step at most.
                assertThat(Math.abs(sum - truth[row])).isLessThanOrEqualTo(scale[0] * groups / 2.0 + 1e-2);
            }
        }
    }
}
