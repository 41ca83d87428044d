package io.grape.vectors.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** The SIMD kernel against the scalar reference and against float64. */
class KernelProperty {
    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final int ROWS = 8;

    private final DistanceKernel scalar = new ScalarKernel();
    private final DistanceKernel simd = new PanamaKernel();
    private final DistanceKernel lanes = new LaneKernel();

    @Property(tries = 150)
    void simdAndScalarAgreeOnEveryDimension(@ForAll @IntRange(min = 1, max = 4096) int dimension, @ForAll long seed) {
        compare(dimension, seed, 1f);
    }

    @Property(tries = 30)
    void simdAndScalarAgreeOnDenormals(@ForAll @IntRange(min = 1, max = 300) int dimension, @ForAll long seed) {
        compare(dimension, seed, 1e-22f);
        compare(dimension, seed, Float.MIN_NORMAL);
    }

    @Property(tries = 30)
    void simdAndScalarAgreeOnLargeValues(@ForAll @IntRange(min = 1, max = 300) int dimension, @ForAll long seed) {
        compare(dimension, seed, 1e16f);
    }

    @Test
    void everySmallDimensionIsCovered() {
        for (int dimension = 1; dimension <= 80; dimension++) {
            compare(dimension, dimension, 1f);
        }
    }

    @Test
    void thisProcessUsesSimdBecauseTheModuleIsLoaded() {
        assertThat(Kernels.chosen()).isInstanceOf(PanamaKernel.class);
    }

    @Test
    void aSearcherMadeBeforeTheWarmUpChangesKernelsAfterItAndNobodySeesIt() {
        DistanceKernel starting = new StartingKernel(new PanamaKernel());
        try (Arena arena = Arena.ofConfined()) {
            int stride = DistanceKernel.strideBytes(100);
            MemorySegment rows = arena.allocate((long) stride * ROWS, 64);
            fill(rows, 0, stride * ROWS / Float.BYTES, new Random(1), 1);
            float[][] scores = new float[4][ROWS];
            Kernels.awaitWarmUp();
            try {
                assertThat(Kernels.forSearcher()).isInstanceOf(StartingKernel.class);
                starting.dot(rows, rows, 0, stride, ROWS, scores[0]);
                starting.squaredDistance(rows, rows, 0, stride, ROWS, scores[1]);
                assertThat(starting.dot(rows, rows, stride, stride)).isEqualTo(scores[0][1]);
                assertThat(starting.squaredDistance(rows, rows, stride, stride)).isEqualTo(scores[1][1]);
            } finally {
                Kernels.warmedUp();
            }
            starting.dot(rows, rows, 0, stride, ROWS, scores[2]);
            starting.squaredDistance(rows, rows, 0, stride, ROWS, scores[3]);
            assertThat(scores[2]).isEqualTo(scores[0]);
            assertThat(scores[3]).isEqualTo(scores[1]);
            assertThat(starting.dot(rows, rows, stride, stride)).isEqualTo(scores[0][1]);
            assertThat(starting.squaredDistance(rows, rows, stride, stride)).isEqualTo(scores[1][1]);
            assertThat(Kernels.forSearcher()).isSameAs(Kernels.chosen());
        }
    }

    @Test
    void withoutTheVectorModuleTheScalarKernelIsChosen() {
        assertThat(Kernels.choose(ModuleLayer.empty())).isInstanceOf(ScalarKernel.class);
    }

    private void compare(int dimension, long seed, float scale) {
        Random random = new Random(seed);
        int stride = DistanceKernel.strideBytes(dimension);
        assertThat(stride % DistanceKernel.ROW_ALIGNMENT_BYTES).isZero();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment query = arena.allocate(stride, 64);
            MemorySegment rows = arena.allocate(64 + (long) stride * ROWS, 64);
            fill(query, 0, dimension, random, scale);
            for (int row = 0; row < ROWS; row++) {
                fill(rows, 64 + (long) row * stride, dimension, random, scale);
            }
            float[] expected = new float[ROWS];
            float[] actual = new float[ROWS];
            for (boolean dot : new boolean[] {true, false}) {
                if (dot) {
                    scalar.dot(query, rows, 64, stride, ROWS, expected);
                    simd.dot(query, rows, 64, stride, ROWS, actual);
                } else {
                    scalar.squaredDistance(query, rows, 64, stride, ROWS, expected);
                    simd.squaredDistance(query, rows, 64, stride, ROWS, actual);
                }
                float[] sameBits = new float[ROWS];
                if (dot) {
                    lanes.dot(query, rows, 64, stride, ROWS, sameBits);
                } else {
                    lanes.squaredDistance(query, rows, 64, stride, ROWS, sameBits);
                }
                assertThat(sameBits).isEqualTo(actual);
                for (int row = 0; row < ROWS; row++) {
                    long at = 64 + (long) row * stride;
                    assertThat(dot ? simd.dot(query, rows, at, stride) : simd.squaredDistance(query, rows, at, stride))
                            .isEqualTo(actual[row]);
                    assertThat(
                                    dot
                                            ? lanes.dot(query, rows, at, stride)
                                            : lanes.squaredDistance(query, rows, at, stride))
                            .isEqualTo(actual[row]);
                    double[] exact = exact(query, rows, 64 + (long) row * stride, dimension, dot);
                    // Error of a float32 sum of n terms: about n * 2^-24 * sum of magnitudes; plus one denormal a term.
                    double bound = (dimension + 4) * 0x1p-23 * exact[1] + dimension * (double) Float.MIN_VALUE;
                    assertThat((double) actual[row]).isCloseTo(exact[0], within(bound));
                    assertThat((double) expected[row]).isCloseTo(exact[0], within(bound));
                }
            }
        }
    }

    private static void fill(MemorySegment memory, long offset, int dimension, Random random, float scale) {
        for (int i = 0; i < dimension; i++) {
            memory.set(FLOAT, offset + (long) i * Float.BYTES, (float) random.nextGaussian() * scale);
        }
    }

    private static double[] exact(MemorySegment query, MemorySegment rows, long offset, int dimension, boolean dot) {
        double sum = 0;
        double magnitude = 0;
        for (int i = 0; i < dimension; i++) {
            double a = query.get(FLOAT, (long) i * Float.BYTES);
            double b = rows.get(FLOAT, offset + (long) i * Float.BYTES);
            double term = dot ? a * b : (a - b) * (a - b);
            sum += term;
            magnitude += Math.abs(term);
        }
        return new double[] {sum, magnitude};
    }
}
