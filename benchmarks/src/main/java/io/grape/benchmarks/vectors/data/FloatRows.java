package io.grape.benchmarks.vectors.data;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/** A mapped file of raw little-endian float32 rows. Any thread; mapped until the process ends. */
public final class FloatRows {
    private static final ValueLayout.OfFloat FLOAT =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final MemorySegment memory;
    private final int dimension;

    private FloatRows(MemorySegment memory, int dimension) {
        this.memory = memory;
        this.dimension = dimension;
    }

    /**
     * Maps a file.
     *
     * @throws IOException if it cannot be read
     */
    public static FloatRows map(Path file, int dimension) throws IOException {
        try (FileChannel channel = FileChannel.open(file)) {
            return new FloatRows(
                    channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), Arena.global()), dimension);
        }
    }

    /** Number of rows. */
    public int count() {
        return (int) (memory.byteSize() / ((long) dimension * Float.BYTES));
    }

    /** Copies a row. */
    public void read(int row, float[] into) {
        MemorySegment.copy(memory, FLOAT, (long) row * dimension * Float.BYTES, into, 0, dimension);
    }

    /** Copies a row to off-heap memory. */
    public void read(int row, MemorySegment into, long at) {
        long bytes = (long) dimension * Float.BYTES;
        MemorySegment.copy(memory, row * bytes, into, at, bytes);
    }
}
