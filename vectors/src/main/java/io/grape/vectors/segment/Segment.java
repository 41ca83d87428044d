package io.grape.vectors.segment;

import io.grape.vectors.model.HotPath;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.file.Path;
import org.agrona.DirectBuffer;

/**
 * A run of rows in one mapped file; see {@link SegmentLayout} for its bytes.
 *
 * <p>Rows are only ever appended. The writer fills row {@code n}, then publishes {@code n + 1} with release; a reader
 * that acquired the count sees whole rows below it. The one field that changes later is {@code deletedAt}. Threads: one
 * writer; readers must be pinned, because the file is unmapped behind them.
 */
public final class Segment implements AutoCloseable {
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONG_HANDLE = LONG.varHandle();
    private static final VarHandle ROWS;
    private static final int WRITE_AHEAD_BYTES = 1 << 20;

    static {
        try {
            ROWS = MethodHandles.lookup().findVarHandle(Segment.class, "rows", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final MappedFile file;
    private final MemorySegment memory;
    private final SegmentLayout layout;
    private final int index;
    private final long versionOffset;
    private final long createdAtOffset;
    private final long deletedAtOffset;
    private final long vectorOffset;

    private int preparedRows;

    @SuppressWarnings("unused") // through ROWS
    private int rows;

    private Segment(MappedFile file, SegmentLayout layout, int index) {
        this.file = file;
        this.memory = file.memory();
        this.layout = layout;
        this.index = index;
        this.versionOffset = layout.versionOffset();
        this.createdAtOffset = layout.createdAtOffset();
        this.deletedAtOffset = layout.deletedAtOffset();
        this.vectorOffset = layout.vectorOffset();
    }

    /** Makes an empty segment; its bytes must have been reserved. */
    public static Segment create(Path path, SegmentLayout layout, int index) {
        MappedFile file = MappedFile.create(path, layout.fileBytes());
        try {
            file.zeroFill(0, FileHeader.BYTES);
            FileHeader.write(file.memory(), FileHeader.SEGMENT_MAGIC, layout, index);
            return new Segment(file, layout, index);
        } catch (RuntimeException e) {
            file.close();
            throw e;
        }
    }

    /**
     * Opens a segment as it was at a checkpoint: rows behind {@code checkpointRows} are forgotten, deletions after
     * {@code checkpointSequence} undone.
     */
    public static Segment open(
            Path path, SegmentLayout layout, int index, int checkpointRows, long checkpointSequence) {
        MappedFile file = MappedFile.open(path, layout.fileBytes());
        try {
            FileHeader.check(path, file.memory(), FileHeader.SEGMENT_MAGIC, layout, index);
            Segment segment = new Segment(file, layout, index);
            for (int row = 0; row < checkpointRows; row++) {
                if (segment.deletedAtAcquire(row) > checkpointSequence) {
                    segment.deletedAtRelease(row, 0);
                }
            }
            segment.preparedRows = checkpointRows;
            segment.rowsRelease(checkpointRows);
            return segment;
        } catch (RuntimeException e) {
            file.close();
            throw e;
        }
    }

    /** Place of this segment within its store. */
    public int index() {
        return index;
    }

    /** Where the columns lie. */
    public SegmentLayout layout() {
        return layout;
    }

    /** The whole file, for kernels; vectors start at {@link #vectorOffset(int)}. */
    public MemorySegment memory() {
        return memory;
    }

    /** Published rows. */
    @HotPath
    public int rowsAcquire() {
        return (int) ROWS.getAcquire(this);
    }

    /** Publishes rows below {@code count}. Writer only. */
    @HotPath
    public void rowsRelease(int count) {
        ROWS.setRelease(this, count);
    }

    /** Published rows that existed at {@code sequence}; createdAt rises with the row, so this is a binary search. */
    @HotPath
    public int rowsAt(long sequence) {
        int high = rowsAcquire();
        if (high == 0 || createdAt(high - 1) <= sequence) {
            return high;
        }
        int low = 0;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (createdAt(middle) <= sequence) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /**
     * Makes sure that {@code row} may be stored to, by writing zeros some rows ahead. Writer only.
     *
     * @throws io.grape.vectors.model.VectorsException DISK_FULL; nothing changed then
     */
    @HotPath
    public void prepareRow(int row) {
        if (row >= preparedRows) {
            prepareAhead(row);
        }
    }

    private void prepareAhead(int row) {
        int ahead = Math.max(SegmentLayout.ROW_MULTIPLE, WRITE_AHEAD_BYTES / layout.strideBytes());
        int end = (int) Math.min(layout.rowCapacity(), (long) row + ahead);
        zeroColumn(layout.idOffset(), SegmentLayout.ID_BYTES, row, end);
        zeroColumn(versionOffset, Long.BYTES, row, end);
        zeroColumn(createdAtOffset, Long.BYTES, row, end);
        zeroColumn(deletedAtOffset, Long.BYTES, row, end);
        zeroColumn(layout.payloadRefOffset(), Long.BYTES, row, end);
        zeroColumn(layout.payloadBytesOffset(), Integer.BYTES, row, end);
        zeroColumn(layout.inverseNormOffset(), Float.BYTES, row, end);
        zeroColumn(vectorOffset, layout.strideBytes(), row, end);
        preparedRows = end;
    }

    private void zeroColumn(long offset, int width, int from, int to) {
        file.zeroFill(offset + (long) width * from, offset + (long) width * to);
    }

    /** Fills the fixed columns of an unpublished row. Writer only, after {@link #prepareRow}. */
    @HotPath
    public void writePoint(int row, long idMost, long idLeast, long version, long createdAt) {
        long idAt = FileHeader.BYTES + (long) SegmentLayout.ID_BYTES * row;
        memory.set(LONG, idAt, idMost);
        memory.set(LONG, idAt + Long.BYTES, idLeast);
        memory.set(LONG, versionOffset + (long) Long.BYTES * row, version);
        memory.set(LONG, createdAtOffset + (long) Long.BYTES * row, createdAt);
        memory.set(LONG, deletedAtOffset + (long) Long.BYTES * row, 0L);
    }

    /** Names the payload of an unpublished row. Writer only. */
    @HotPath
    public void writePayloadRef(int row, long payloadRef, int payloadBytes) {
        memory.set(LONG, layout.payloadRefOffset() + (long) Long.BYTES * row, payloadRef);
        memory.set(INT, layout.payloadBytesOffset() + (long) Integer.BYTES * row, payloadBytes);
    }

    /** Copies {@code dimension} little-endian floats into an unpublished row. Writer only. */
    @HotPath
    public void writeVector(int row, DirectBuffer vector, int offset, float inverseNorm) {
        long at = vectorOffset(row);
        int bytes = layout.dimension() * Float.BYTES;
        for (int i = 0; i < bytes; i += Float.BYTES) {
            memory.set(INT, at + i, vector.getInt(offset + i, ByteOrder.LITTLE_ENDIAN));
        }
        memory.set(FLOAT, layout.inverseNormOffset() + (long) Float.BYTES * row, inverseNorm);
    }

    /** First byte of a row's vector in {@link #memory()}. */
    @HotPath
    public long vectorOffset(int row) {
        return vectorOffset + (long) layout.strideBytes() * row;
    }

    /** Most significant half of the id. */
    @HotPath
    public long idMost(int row) {
        return memory.get(LONG, FileHeader.BYTES + (long) SegmentLayout.ID_BYTES * row);
    }

    /** Least significant half of the id. */
    @HotPath
    public long idLeast(int row) {
        return memory.get(LONG, FileHeader.BYTES + (long) SegmentLayout.ID_BYTES * row + Long.BYTES);
    }

    /** The caller's version of the point. */
    @HotPath
    public long version(int row) {
        return memory.get(LONG, versionOffset + (long) Long.BYTES * row);
    }

    /** Sequence of the operation that appended the row. */
    @HotPath
    public long createdAt(int row) {
        return memory.get(LONG, createdAtOffset + (long) Long.BYTES * row);
    }

    /** Sequence of the operation that replaced or removed the row, 0 while it is live. */
    @HotPath
    public long deletedAtAcquire(int row) {
        return (long) LONG_HANDLE.getAcquire(memory, deletedAtOffset + (long) Long.BYTES * row);
    }

    /** Sets the sequence that ends the row. Writer only. */
    @HotPath
    public void deletedAtRelease(int row, long sequence) {
        LONG_HANDLE.setRelease(memory, deletedAtOffset + (long) Long.BYTES * row, sequence);
    }

    /** Whether a published row is part of the snapshot at {@code sequence}. */
    @HotPath
    public boolean visibleAt(int row, long sequence) {
        long deletedAt = deletedAtAcquire(row);
        return deletedAt == 0 || deletedAt > sequence;
    }

    /** Extent and offset of the payload. */
    @HotPath
    public long payloadRef(int row) {
        return memory.get(LONG, layout.payloadRefOffset() + (long) Long.BYTES * row);
    }

    /** Length of the payload, 0 for none. */
    @HotPath
    public int payloadBytes(int row) {
        return memory.get(INT, layout.payloadBytesOffset() + (long) Integer.BYTES * row);
    }

    /** Reciprocal of the vector's norm. */
    @HotPath
    public float inverseNorm(int row) {
        return memory.get(FLOAT, layout.inverseNormOffset() + (long) Float.BYTES * row);
    }

    /** Forces the file. Writer only. */
    public void force() {
        file.force();
    }

    /** Length of the file. */
    public long bytes() {
        return file.bytes();
    }

    @Override
    public void close() {
        file.close();
    }
}
