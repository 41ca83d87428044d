package io.grape.benchmarks.kernels;

import io.grape.vectors.kernel.ByteKernel;
import io.grape.vectors.kernel.DistanceKernel;
import io.grape.vectors.kernel.FastScan;
import io.grape.vectors.kernel.Kernels;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.SplittableRandom;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Measures the kernels of this JVM's vector width: {@code KernelMain MEBIBYTES ROUNDS}. Prints a line for each: its key, and the
 * figure of its best round: the machine may be disturbed, but never faster than it is.
 */
public final class KernelMain {
    private static final VectorSpecies<Long> LONGS = LongVector.SPECIES_PREFERRED;
    private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;
    private static final int DIMENSION = 384;
    private static final int CACHED_BYTES = 256 << 10;
    private static final int BLOCK_ROWS = 256;
    private final MemorySegment memory;
    private final MemorySegment query;
    private final int rounds;
    /** What the loops found, printed in the end so that none is left out. */
    private long found;

    private KernelMain(MemorySegment memory, MemorySegment query, int rounds) {
        this.memory = memory;
        this.query = query;
        this.rounds = rounds;
    }

    private interface Loop {
        long run();
    }

    public static void main(String[] arguments) {
        long bytes = Long.parseLong(arguments[0]) << 20;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment memory = arena.allocate(bytes, 4096);
            MemorySegment query = arena.allocate(1 << 16, 64);
            SplittableRandom random = new SplittableRandom(1);
            for (long at = 0; at < bytes; at += Integer.BYTES) {
                // Exponents near that of 1: neither denormals nor infinities; as bytes none is -128.
                memory.set(ValueLayout.JAVA_INT, at, 0x3F000000 | (random.nextInt() & 0x007F7F7F));
            }
            MemorySegment.copy(memory, 0, query, 0, query.byteSize());
            KernelMain main = new KernelMain(memory, query, Integer.parseInt(arguments[1]));
            main.print("bits", LONGS.vectorBitSize());
            main.measure();
            main.print("found", (double) main.found);
        }
    }

    private void measure() {
        double gigabytes = memory.byteSize() / 1e9;
        print("read", gigabytes / best(this::read));
        DistanceKernel floats = Kernels.chosen();
        int stride = DistanceKernel.strideBytes(DIMENSION);
        int rows = (int) (memory.byteSize() / stride) / BLOCK_ROWS * BLOCK_ROWS;
        double scanned = (double) rows * stride / 1e9;
        float[] scores = new float[BLOCK_ROWS];
        print(
                "dot",
                scanned
                        / best(() -> {
                            for (int row = 0; row < rows; row += BLOCK_ROWS) {
                                floats.dot(query, memory, (long) row * stride, stride, BLOCK_ROWS, scores);
                            }
                            return (long) scores[0];
                        }));
        print(
                "l2",
                scanned
                        / best(() -> {
                            for (int row = 0; row < rows; row += BLOCK_ROWS) {
                                floats.squaredDistance(query, memory, (long) row * stride, stride, BLOCK_ROWS, scores);
                            }
                            return (long) scores[0];
                        }));
        ByteKernel bytes = Kernels.bytes();
        int byteRows = (int) (memory.byteSize() / DIMENSION) / BLOCK_ROWS * BLOCK_ROWS;
        int[] dots = new int[BLOCK_ROWS];
        print(
                "int8",
                (double) byteRows
                        * DIMENSION
                        / 1e9
                        / best(() -> {
                            for (int row = 0; row < byteRows; row += BLOCK_ROWS) {
                                bytes.dot(query, memory, (long) row * DIMENSION, DIMENSION, BLOCK_ROWS, dots);
                            }
                            return dots[0];
                        }));
        measureBits();
    }

    private void measureBits() {
        FastScan scan = Kernels.fastScan();
        int groups = FastScan.groups(DIMENSION);
        int blockBytes = FastScan.blockBytes(DIMENSION);
        float[] components = new float[DIMENSION];
        for (int i = 0; i < DIMENSION; i++) {
            components[i] = i % 7 - 3;
        }
        FastScan.writeTable(components, query, new float[2]);
        int blocks = (int) (memory.byteSize() / blockBytes);
        int cached = CACHED_BYTES / blockBytes;
        short[] sums = new short[cached * FastScan.ROWS];
        double vectors = (blocks + cached - 1.0) / cached;
        vectors = Math.floor(vectors) * cached * FastScan.ROWS / 1e6;
        print(
                "bits-cached",
                vectors
                        / best(() -> {
                            for (int block = 0; block < blocks; block += cached) {
                                scan.scan(query, memory, 0, groups, cached, sums);
                            }
                            return sums[0];
                        }));
        int whole = blocks / cached * cached;
        print(
                "bits-memory",
                (double) whole
                        * FastScan.ROWS
                        / 1e6
                        / best(() -> {
                            for (int block = 0; block < whole; block += cached) {
                                scan.scan(query, memory, (long) block * blockBytes, groups, cached, sums);
                            }
                            return sums[0];
                        }));
    }

    private long read() {
        LongVector sum0 = LongVector.zero(LONGS);
        LongVector sum1 = sum0;
        LongVector sum2 = sum0;
        LongVector sum3 = sum0;
        int step = LONGS.vectorByteSize();
        for (long at = 0; at < memory.byteSize(); at += 4L * step) {
            sum0 = sum0.add(LongVector.fromMemorySegment(LONGS, memory, at, ORDER));
            sum1 = sum1.add(LongVector.fromMemorySegment(LONGS, memory, at + step, ORDER));
            sum2 = sum2.add(LongVector.fromMemorySegment(LONGS, memory, at + 2L * step, ORDER));
            sum3 = sum3.add(LongVector.fromMemorySegment(LONGS, memory, at + 3L * step, ORDER));
        }
        return sum0.add(sum1).add(sum2.add(sum3)).reduceLanes(VectorOperators.ADD);
    }

    /** Seconds of the fastest round. */
    private double best(Loop loop) {
        long best = Long.MAX_VALUE;
        for (int round = 0; round < rounds; round++) {
            long start = System.nanoTime();
            found += loop.run();
            best = Math.min(best, System.nanoTime() - start);
        }
        return best / 1e9;
    }

    @SuppressWarnings("SystemOut") // read by the process that started this one
    private void print(String key, double figure) {
        System.out.println("@" + key + " " + figure);
    }
}
