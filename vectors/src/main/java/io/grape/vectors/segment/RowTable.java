package io.grape.vectors.segment;

import io.grape.vectors.model.HotPath;
import io.grape.vectors.model.Reason;
import io.grape.vectors.model.VectorsException;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * All segments and payload files of a store, and the sequence up to which readers may look.
 *
 * <h2>What a reader sees</h2>
 *
 * Each operation has a sequence number. An appended row carries it as {@code createdAt}, the row it replaces or removes
 * as {@code deletedAt}; only then is the sequence published. A reader takes the published sequence S once and counts a
 * row if {@code createdAt <= S} and it was not deleted at or before S. Of a row and its replacement exactly one passes,
 * whatever the writer does meanwhile, because both carry the same number: multi-version concurrency without locks. The
 * files never move, and dead rows stay until compaction, so a slow reader stays right.
 *
 * <p>Threads: one writer; pinned readers use the accessors with acquire semantics.
 */
public final class RowTable implements AutoCloseable {
    private final Path directory;
    private final SegmentLayout layout;
    private final long extentBytes;
    private final DiskBudget budget;

    private volatile Segment[] segments = {};
    private volatile PayloadExtent[] extents = {};
    private volatile long published;

    public RowTable(Path directory, SegmentLayout layout, long extentBytes, DiskBudget budget) {
        this.directory = directory;
        this.layout = layout;
        this.extentBytes = extentBytes;
        this.budget = budget;
    }

    /** Opens the files that a checkpoint names and deletes the ones made after it, and any graph. Before any reader exists. */
    public void open(StoreManifest manifest) {
        StoreManifest.Sizes sizes = manifest.sizes();
        if (sizes.segmentRows() != layout.rowCapacity() || sizes.extentBytes() != extentBytes) {
            throw new VectorsException(
                    Reason.SHAPE_MISMATCH,
                    "store " + directory + " has " + sizes.segmentRows() + " rows a segment and payload files of "
                            + sizes.extentBytes() + " bytes; the configuration asks for " + layout.rowCapacity()
                            + " and " + extentBytes);
        }
        deleteAfter(sizes.segments(), manifest.extentUsed().length);
        long left = manifest.rows();
        for (int i = 0; i < sizes.segments(); i++) {
            int rows = (int) Math.min(left, layout.rowCapacity());
            left -= rows;
            Segment segment = Segment.open(segmentPath(i), layout, i, rows, manifest.sequence());
            addSegment(segment);
            budget.adopt(segment.bytes());
        }
        for (int i = 0; i < manifest.extentUsed().length; i++) {
            PayloadExtent extent = PayloadExtent.open(extentPath(i), extentBytes, i, manifest.extentUsed()[i]);
            addExtent(extent);
            budget.adopt(extent.bytes());
        }
        published = manifest.sequence();
    }

    /** Segments in order of creation; the array is never changed. */
    @HotPath
    public Segment[] segmentsAcquire() {
        return segments;
    }

    /** Last published operation. */
    @HotPath
    public long publishedAcquire() {
        return published;
    }

    /** Lets readers see everything up to {@code sequence}. Writer only. */
    @HotPath
    public void publish(long sequence) {
        published = sequence;
    }

    /**
     * The segment that takes the next row, prepared for it. Writer only.
     *
     * @throws VectorsException BUDGET_EXCEEDED, DISK_FULL; nothing changed then
     */
    @HotPath
    public Segment openSegment() {
        Segment[] all = segments;
        Segment last = all.length == 0 ? null : all[all.length - 1];
        if (last == null || last.rowsAcquire() == layout.rowCapacity()) {
            last = newSegment(all.length);
        }
        last.prepareRow(last.rowsAcquire());
        return last;
    }

    /**
     * Appends a payload; returns its reference, 0 for an empty one. Writer only.
     *
     * @throws VectorsException BUDGET_EXCEEDED, DISK_FULL; nothing visible changed then
     */
    @HotPath
    public long appendPayload(DirectBuffer payload, int offset, int length) {
        if (length == 0) {
            return 0;
        }
        PayloadExtent[] all = extents;
        PayloadExtent last = all.length == 0 ? null : all[all.length - 1];
        if (last == null || !last.fits(length)) {
            last = newExtent(all.length);
        }
        last.prepare(length);
        int at = last.append(payload, offset, length);
        return (long) (extents.length - 1) << Integer.SIZE | at;
    }

    /** Copies a row's payload out. Pinned readers. */
    @HotPath
    public void readPayload(long payloadRef, int length, MutableDirectBuffer target) {
        extents[(int) (payloadRef >>> Integer.SIZE)].read((int) payloadRef, length, target);
    }

    /** Rows appended, dead ones included. */
    public long rowCount() {
        Segment[] all = segments;
        return all.length == 0 ? 0 : (long) (all.length - 1) * layout.rowCapacity() + all[all.length - 1].rowsAcquire();
    }

    /** Number of payload files. */
    public int extentCount() {
        return extents.length;
    }

    /** Forces all files. Writer only. */
    public void force() {
        for (Segment segment : segments) {
            segment.force();
        }
        for (PayloadExtent extent : extents) {
            extent.force();
        }
    }

    /** Bytes in use in each payload file. Writer only. */
    public long[] extentUsed() {
        PayloadExtent[] all = extents;
        long[] used = new long[all.length];
        for (int i = 0; i < all.length; i++) {
            used[i] = all[i].used();
        }
        return used;
    }

    /** Bytes of new files that {@code points} more points with {@code payloadBytes} in all would need. Any thread. */
    public long newFileBytes(long points, long payloadBytes) {
        Segment[] all = segments;
        long freeRows = all.length == 0 ? 0 : layout.rowCapacity() - all[all.length - 1].rowsAcquire();
        long moreSegments = ceilDiv(Math.max(0, points - freeRows), layout.rowCapacity());
        PayloadExtent[] files = extents;
        long freePayload = files.length == 0 ? 0 : extentBytes - files[files.length - 1].used();
        // Each payload may lose 7 bytes to alignment, and a file's end when it does not fit.
        long needed = payloadBytes == 0 ? 0 : payloadBytes + Long.BYTES * points;
        long moreExtents = ceilDiv(Math.max(0, needed - freePayload), extentBytes / 2);
        return moreSegments * layout.fileBytes() + moreExtents * extentBytes;
    }

    private static long ceilDiv(long amount, long unit) {
        return (amount + unit - 1) / unit;
    }

    private Segment newSegment(int index) {
        Path path = segmentPath(index);
        budget.reserve(path, layout.fileBytes());
        try {
            Segment segment = Segment.create(path, layout, index);
            addSegment(segment);
            return segment;
        } catch (RuntimeException e) {
            budget.release(layout.fileBytes());
            deleteQuietly(path, e);
            throw e;
        }
    }

    private PayloadExtent newExtent(int index) {
        Path path = extentPath(index);
        budget.reserve(path, extentBytes);
        try {
            PayloadExtent extent = PayloadExtent.create(path, extentBytes, index);
            addExtent(extent);
            return extent;
        } catch (RuntimeException e) {
            budget.release(extentBytes);
            deleteQuietly(path, e);
            throw e;
        }
    }

    private void addSegment(Segment segment) {
        Segment[] more = Arrays.copyOf(segments, segments.length + 1);
        more[more.length - 1] = segment;
        segments = more;
    }

    private void addExtent(PayloadExtent extent) {
        PayloadExtent[] more = Arrays.copyOf(extents, extents.length + 1);
        more[more.length - 1] = extent;
        extents = more;
    }

    private void deleteAfter(int segmentCount, int extentCount) {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "{segment,payload,graph}-*")) {
            for (Path file : files) {
                String name = file.getFileName().toString();
                int index = Integer.parseInt(name.substring(name.indexOf('-') + 1));
                int kept = name.startsWith("segment") ? segmentCount : name.startsWith("payload") ? extentCount : 0;
                if (index >= kept) {
                    Files.delete(file);
                }
            }
        } catch (IOException | NumberFormatException e) {
            throw new VectorsException(Reason.IO_FAILED, "cannot clean " + directory, e);
        }
    }

    private static void deleteQuietly(Path path, RuntimeException failure) {
        try {
            Files.deleteIfExists(path);
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
    }

    private Path segmentPath(int index) {
        return directory.resolve(segmentName(index));
    }

    private Path extentPath(int index) {
        return directory.resolve(extentName(index));
    }

    static String segmentName(int index) {
        return "segment-" + index;
    }

    static String extentName(int index) {
        return "payload-" + index;
    }

    /** Unmaps everything. No reader may be pinned. */
    @Override
    public void close() {
        for (Segment segment : segments) {
            segment.close();
        }
        for (PayloadExtent extent : extents) {
            extent.close();
        }
    }
}
