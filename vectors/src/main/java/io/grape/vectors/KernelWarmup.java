package io.grape.vectors;

import io.grape.vectors.kernel.DistanceKernel;
import io.grape.vectors.kernel.Kernels;
import io.grape.vectors.segment.MappedFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Has the kernels compiled before the first search needs them.
 *
 * <p>Interpreted, an operation of the Vector API makes objects and takes a hundred times as long: a first search over a
 * million rows would spend more than a second on that. The warm-up costs the same whatever the node holds. Rows lie in a
 * mapped file here as they do in a store, since the compiler looks at the kind of memory.
 */
final class KernelWarmup {
    /** Enough for the compiler to have come to an end: what is compiled runs through the rest in milliseconds. */
    private static final int CALLS = 10_000;

    private static final int ROWS = 16;
    private static final int DIMENSION = 100;

    private KernelWarmup() {}

    /** Scores rows of a file in an existing directory until the kernels are compiled, and removes the file. */
    static void run(Path directory) {
        DistanceKernel kernel = Kernels.chosen();
        int stride = DistanceKernel.strideBytes(DIMENSION);
        Path file = directory.resolve("rows");
        try (Arena arena = Arena.ofShared();
                MappedFile rows = MappedFile.create(file, (long) ROWS * stride)) {
            rows.zeroFill(0, rows.bytes());
            MemorySegment query = arena.allocate(stride, DistanceKernel.ROW_ALIGNMENT_BYTES);
            float[] scores = new float[ROWS];
            for (int i = 0; i < CALLS; i++) {
                kernel.squaredDistance(query, rows.memory(), 0, stride, ROWS, scores);
            }
            for (int i = 0; i < CALLS; i++) {
                kernel.dot(query, rows.memory(), 0, stride, ROWS, scores);
            }
        } finally {
            delete(file);
        }
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
