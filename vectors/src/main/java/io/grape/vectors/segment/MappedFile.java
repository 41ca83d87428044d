package io.grape.vectors.segment;

import io.grape.vectors.model.Reason;
import io.grape.vectors.model.VectorsException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A file of fixed length, mapped for reading and writing as a whole.
 *
 * <p>A store into a hole of a mapped file on a full disk kills the process, so whoever stores calls {@link #zeroFill}
 * first: it really writes the range and turns a full disk into an exception. Threads: the creator writes and closes;
 * readers must be pinned while they look at {@link #memory()}.
 */
public final class MappedFile implements AutoCloseable {
    private static final int ZERO_BYTES = 1 << 16;

    private final Path path;
    private final FileChannel channel;
    private final Arena arena;
    private final MemorySegment memory;
    private final ByteBuffer zeros = ByteBuffer.allocateDirect(ZERO_BYTES);

    private MappedFile(Path path, FileChannel channel, Arena arena, MemorySegment memory) {
        this.path = path;
        this.channel = channel;
        this.arena = arena;
        this.memory = memory;
    }

    /** Makes a new file whose contents are a hole; {@code bytes} must have been reserved from the budget. */
    public static MappedFile create(Path path, long bytes) {
        try {
            FileChannel channel = FileChannel.open(
                    path, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE);
            return map(path, channel, bytes);
        } catch (IOException e) {
            throw new VectorsException(Reason.IO_FAILED, "cannot create " + path, e);
        }
    }

    /**
     * Opens a file that must have this length.
     *
     * @throws VectorsException CORRUPT_FILE when the file is missing or has another length
     */
    public static MappedFile open(Path path, long bytes) {
        if (!Files.isRegularFile(path)) {
            throw new VectorsException(Reason.CORRUPT_FILE, "file " + path + " is missing");
        }
        try {
            FileChannel channel = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
            if (channel.size() != bytes) {
                long actual = channel.size();
                channel.close();
                throw new VectorsException(
                        Reason.CORRUPT_FILE,
                        "file " + path + " has " + actual + " bytes instead of " + bytes + ": truncated or foreign");
            }
            return map(path, channel, bytes);
        } catch (IOException e) {
            throw new VectorsException(Reason.IO_FAILED, "cannot open " + path, e);
        }
    }

    @SuppressWarnings("MustBeClosedChecker") // owned by the file and closed with it
    private static MappedFile map(Path path, FileChannel channel, long bytes) throws IOException {
        Arena arena = Arena.ofShared();
        try {
            MemorySegment memory = channel.map(FileChannel.MapMode.READ_WRITE, 0, bytes, arena);
            return new MappedFile(path, channel, arena, memory);
        } catch (IOException | RuntimeException e) {
            arena.close();
            channel.close();
            throw e;
        }
    }

    /** Where the file lies. */
    public Path path() {
        return path;
    }

    /** The whole file. */
    public MemorySegment memory() {
        return memory;
    }

    /** Length in bytes. */
    public long bytes() {
        return memory.byteSize();
    }

    /**
     * Writes zeros to {@code [from, to)}, so that later stores into the mapping find blocks that exist.
     *
     * @throws VectorsException DISK_FULL
     */
    public void zeroFill(long from, long to) {
        try {
            for (long at = from; at < to; ) {
                zeros.clear().limit((int) Math.min(ZERO_BYTES, to - at));
                at += channel.write(zeros, at);
            }
        } catch (IOException e) {
            throw new VectorsException(
                    Reason.DISK_FULL, "cannot write bytes " + from + ".." + to + " of " + path + ": disk full?", e);
        }
    }

    /** Forces everything written so far to the device. A failure is final: the caller stops. */
    public void force() {
        try {
            memory.force();
            channel.force(true);
        } catch (IOException | RuntimeException e) {
            throw new VectorsException(Reason.IO_FAILED, "cannot force " + path, e);
        }
    }

    /** Unmaps the file. No reader may be pinned. */
    @Override
    public void close() {
        arena.close();
        try {
            channel.close();
        } catch (IOException e) {
            throw new VectorsException(Reason.IO_FAILED, "cannot close " + path, e);
        }
    }
}
