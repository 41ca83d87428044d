package io.grape.vectors;

import io.grape.vectors.kernel.DistanceKernel;
import io.grape.vectors.model.Reason;
import io.grape.vectors.model.VectorShape;
import io.grape.vectors.model.VectorsException;
import io.grape.vectors.segment.DiskSpace;
import io.grape.vectors.segment.SegmentLayout;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * How a store is made.
 *
 * @param directory where its files lie; made if missing
 * @param shape dimension and metric
 * @param segmentRows rows a segment file holds, a multiple of 16; fixed when the store is created
 * @param payloadExtentBytes length of a payload file, fixed when the store is created
 * @param budgetBytes most bytes all files may take together, which also bounds mapped memory
 * @param initialIdEntries points the first id map is made for
 * @param diskSpace tells the free space of a file system
 */
public record PointStoreConfig(
        Path directory,
        VectorShape shape,
        int segmentRows,
        long payloadExtentBytes,
        long budgetBytes,
        long initialIdEntries,
        DiskSpace diskSpace) {
    private static final long SEGMENT_TARGET_BYTES = 64L << 20;
    private static final int MIN_SEGMENT_ROWS = 1 << 12;
    private static final int MAX_SEGMENT_ROWS = 1 << 20;
    private static final long MAX_SEGMENT_BYTES = 1L << 33;
    private static final long MIN_EXTENT_BYTES = 2L * PointStore.MAX_PAYLOAD_BYTES;
    private static final long MAX_EXTENT_BYTES = 1L << 30;
    private static final long DEFAULT_EXTENT_BYTES = 16L << 20;
    private static final long DEFAULT_ID_ENTRIES = 1L << 15;

    public PointStoreConfig {
        require(segmentRows > 0 && segmentRows % SegmentLayout.ROW_MULTIPLE == 0, "segmentRows", segmentRows);
        long stride = DistanceKernel.strideBytes(shape.dimension());
        require(segmentRows * stride <= MAX_SEGMENT_BYTES, "segmentRows", segmentRows);
        require(
                payloadExtentBytes >= MIN_EXTENT_BYTES && payloadExtentBytes <= MAX_EXTENT_BYTES,
                "payloadExtentBytes",
                payloadExtentBytes);
        require(budgetBytes > 0, "budgetBytes", budgetBytes);
        require(initialIdEntries >= 64 && initialIdEntries <= 1L << 32, "initialIdEntries", initialIdEntries);
    }

    /** The usual sizes: segments of about 64 MiB, payload files of 16 MiB, a map for 32,768 points to begin with. */
    public static PointStoreConfig of(Path directory, VectorShape shape, long budgetBytes) {
        long rows = SEGMENT_TARGET_BYTES / (DistanceKernel.strideBytes(shape.dimension()) + SegmentLayout.COLUMN_BYTES);
        int segmentRows = (int) Math.max(MIN_SEGMENT_ROWS, Math.min(MAX_SEGMENT_ROWS, Long.highestOneBit(rows)));
        return new PointStoreConfig(
                directory,
                shape,
                segmentRows,
                DEFAULT_EXTENT_BYTES,
                budgetBytes,
                DEFAULT_ID_ENTRIES,
                path -> Files.getFileStore(path).getUsableSpace());
    }

    SegmentLayout layout() {
        return new SegmentLayout(
                shape.metric().code(), shape.dimension(), DistanceKernel.strideBytes(shape.dimension()), segmentRows);
    }

    private static void require(boolean condition, String name, long value) {
        if (!condition) {
            throw new VectorsException(Reason.INVALID_CONFIG, name + " " + value + " is out of range");
        }
    }
}
