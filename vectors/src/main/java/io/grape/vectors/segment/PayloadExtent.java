package io.grape.vectors.segment;

import io.grape.vectors.model.HotPath;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * A file of opaque payload bytes behind a {@link FileHeader}; a row names its payload by extent, offset and length.
 *
 * <pre>
 * Payload extent v1
 * offset  size   field    meaning
 *      0    64   header   see FileHeader
 *     64     *   payload  bytes as given, each payload padded to 8
 * </pre>
 *
 * <p>Threads as for {@link Segment}. Space of replaced payloads is not reused before compaction exists.
 */
public final class PayloadExtent implements AutoCloseable {
    private static final int ALIGNMENT_BYTES = 8;
    private static final int WRITE_AHEAD_BYTES = 1 << 20;

    private final MappedFile file;
    private final MemorySegment memory;
    private long used;
    private long prepared;

    private PayloadExtent(MappedFile file, long used) {
        this.file = file;
        this.memory = file.memory();
        this.used = used;
        this.prepared = used;
    }

    /** Makes an empty extent; its bytes must have been reserved. */
    public static PayloadExtent create(Path path, long bytes, int index) {
        MappedFile file = MappedFile.create(path, bytes);
        try {
            file.zeroFill(0, FileHeader.BYTES);
            FileHeader.write(file.memory(), FileHeader.PAYLOAD_MAGIC, SegmentLayout.NO_ROWS, index);
            return new PayloadExtent(file, FileHeader.BYTES);
        } catch (RuntimeException e) {
            file.close();
            throw e;
        }
    }

    /** Opens an extent as it was at a checkpoint. */
    public static PayloadExtent open(Path path, long bytes, int index, long used) {
        MappedFile file = MappedFile.open(path, bytes);
        try {
            FileHeader.check(path, file.memory(), FileHeader.PAYLOAD_MAGIC, SegmentLayout.NO_ROWS, index);
            return new PayloadExtent(file, used);
        } catch (RuntimeException e) {
            file.close();
            throw e;
        }
    }

    /** Whether a payload of {@code length} bytes fits. */
    @HotPath
    public boolean fits(int length) {
        return used + length <= memory.byteSize();
    }

    /**
     * Makes sure that {@code length} bytes may be stored. Writer only.
     *
     * @throws io.grape.vectors.model.VectorsException DISK_FULL; nothing changed then
     */
    @HotPath
    public void prepare(int length) {
        if (used + length > prepared) {
            long end = Math.min(memory.byteSize(), used + Math.max(length, WRITE_AHEAD_BYTES));
            file.zeroFill(prepared, end);
            prepared = end;
        }
    }

    /** Appends bytes after {@link #prepare}; returns their offset. Writer only. */
    @HotPath
    public int append(DirectBuffer source, int offset, int length) {
        long at = used;
        for (int i = 0; i < length; i++) {
            memory.set(ValueLayout.JAVA_BYTE, at + i, source.getByte(offset + i));
        }
        used = (at + length + ALIGNMENT_BYTES - 1) & -ALIGNMENT_BYTES;
        return (int) at;
    }

    /** Copies a payload out. */
    @HotPath
    public void read(int offset, int length, MutableDirectBuffer target) {
        for (int i = 0; i < length; i++) {
            target.putByte(i, memory.get(ValueLayout.JAVA_BYTE, (long) offset + i));
        }
    }

    /** Bytes in use, header included. */
    public long used() {
        return used;
    }

    /** Length of the file. */
    public long bytes() {
        return file.bytes();
    }

    /** Forces the file. Writer only. */
    public void force() {
        file.force();
    }

    @Override
    public void close() {
        file.close();
    }
}
