package io.grape.vectors.segment;

import io.grape.vectors.kernel.DistanceKernel;
import io.grape.vectors.model.Reason;
import io.grape.vectors.model.VectorShape;
import io.grape.vectors.model.VectorsException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The files of a store as they were at a moment, read while the store goes on.
 *
 * <p>Rows and payloads are only ever appended, and the one field that changes later says when: so the bytes of any earlier
 * moment can be told from what the files hold now. Rows and payloads behind it read as zeros, deletions after it as not
 * made. Two replicas that applied the same operations read the same bytes. Needs the files only, not the store that writes
 * them.
 *
 * <p>Thread: any one. The files must not be deleted while an image is in use.
 *
 * @param directory of the store
 * @param layout of its segments
 * @param manifest the moment
 */
public record StoreImage(Path directory, SegmentLayout layout, StoreManifest manifest) {
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONG_HANDLE = LONG.varHandle();

    /** The image of a store of a shape. */
    public static StoreImage of(Path directory, VectorShape shape, StoreManifest manifest) {
        SegmentLayout layout = new SegmentLayout(
                shape.metric().code(),
                shape.dimension(),
                DistanceKernel.strideBytes(shape.dimension()),
                manifest.sizes().segmentRows());
        return new StoreImage(directory, layout, manifest);
    }

    /** Number of files: segments, then payload files. */
    public int fileCount() {
        return manifest.sizes().segments() + manifest.extentUsed().length;
    }

    /** Name of a file within the directory. */
    public String fileName(int file) {
        int segments = manifest.sizes().segments();
        return file < segments ? RowTable.segmentName(file) : RowTable.extentName(file - segments);
    }

    /** Length of a file. */
    public long fileBytes(int file) {
        return isSegment(file) ? layout.fileBytes() : manifest.sizes().extentBytes();
    }

    private boolean isSegment(int file) {
        return file < manifest.sizes().segments();
    }

    /**
     * Makes durable what the files held when this was called, and their names. The store may go on meanwhile.
     *
     * @throws VectorsException IO_FAILED: final, as nobody knows what the disk holds then
     */
    public void force() {
        for (int file = 0; file < fileCount(); file++) {
            Path path = directory.resolve(fileName(file));
            try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
                    Arena arena = Arena.ofConfined()) {
                channel.map(FileChannel.MapMode.READ_WRITE, 0, channel.size(), arena)
                        .force();
                channel.force(true);
            } catch (IOException | RuntimeException e) {
                throw new VectorsException(Reason.IO_FAILED, "cannot force " + path, e);
            }
        }
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        } catch (IOException e) {
            throw new VectorsException(Reason.IO_FAILED, "cannot force " + directory, e);
        }
    }

    /**
     * Opens a file for reading.
     *
     * @throws VectorsException CORRUPT_FILE when it is missing or has another length
     */
    @SuppressWarnings("MustBeClosedChecker") // closed with what is returned
    public OpenFile open(int file) {
        Path path = directory.resolve(fileName(file));
        if (!Files.isRegularFile(path)) {
            throw new VectorsException(Reason.CORRUPT_FILE, "file " + path + " is missing");
        }
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            long actual = channel.size();
            if (actual != fileBytes(file)) {
                throw new VectorsException(
                        Reason.CORRUPT_FILE,
                        "file " + path + " has " + actual + " bytes instead of " + fileBytes(file)
                                + ": truncated or foreign");
            }
            Arena arena = Arena.ofShared();
            return new OpenFile(arena, channel.map(FileChannel.MapMode.READ_ONLY, 0, actual, arena), file);
        } catch (IOException e) {
            throw new VectorsException(Reason.IO_FAILED, "cannot open " + path, e);
        }
    }

    /** A file of the image, mapped. One thread at a time. */
    public final class OpenFile implements AutoCloseable {
        private final Arena arena;
        private final MemorySegment memory;
        private final int file;

        private OpenFile(Arena arena, MemorySegment memory, int file) {
            this.arena = arena;
            this.memory = memory;
            this.file = file;
        }

        /** Copies bytes of the moment out; {@code offset} and {@code length} are multiples of 8. */
        public void read(long offset, int length, MemorySegment target) {
            if (((offset | length) & (Long.BYTES - 1)) != 0) {
                throw new IllegalArgumentException("offset " + offset + ", length " + length);
            }
            MemorySegment.copy(memory, offset, target, 0, length);
            if (isSegment(file)) {
                forgetRows(offset, length, target);
            } else {
                long used = manifest.extentUsed()[file - manifest.sizes().segments()];
                zero(used, memory.byteSize(), offset, length, target);
            }
        }

        private void forgetRows(long offset, int length, MemorySegment target) {
            int capacity = layout.rowCapacity();
            long rows = Math.clamp(manifest.rows() - (long) file * capacity, 0, capacity);
            long[] starts = {
                layout.idOffset(),
                layout.versionOffset(),
                layout.createdAtOffset(),
                layout.deletedAtOffset(),
                layout.payloadRefOffset(),
                layout.payloadBytesOffset(),
                layout.inverseNormOffset(),
                layout.vectorOffset(),
                layout.fileBytes()
            };
            for (int column = 0; column + 1 < starts.length; column++) {
                long width = (starts[column + 1] - starts[column]) / capacity;
                zero(starts[column] + width * rows, starts[column + 1], offset, length, target);
            }
            undoDeletions(layout.deletedAtOffset(), rows, offset, length, target);
        }

        /** Read again one by one: a copy of many bytes may tear a field that the writer sets meanwhile. */
        private void undoDeletions(long column, long rows, long offset, int length, MemorySegment target) {
            long from = Math.max(column, offset);
            long to = Math.min(column + Long.BYTES * rows, offset + length);
            for (long at = from; at < to; at += Long.BYTES) {
                long deletedAt = (long) LONG_HANDLE.getAcquire(memory, at);
                target.set(
                        ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN),
                        at - offset,
                        deletedAt > manifest.sequence() ? 0 : deletedAt);
            }
        }

        private static void zero(long start, long end, long offset, int length, MemorySegment target) {
            long from = Math.max(start, offset);
            long to = Math.min(end, offset + length);
            if (from < to) {
                target.asSlice(from - offset, to - from).fill((byte) 0);
            }
        }

        @Override
        public void close() {
            arena.close();
        }
    }
}
