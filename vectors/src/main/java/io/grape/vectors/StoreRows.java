package io.grape.vectors;

import io.grape.vectors.graph.RowVectors;
import io.grape.vectors.model.HotPath;
import io.grape.vectors.model.Metric;
import io.grape.vectors.segment.RowTable;
import io.grape.vectors.segment.Segment;
import java.lang.foreign.MemorySegment;

/** The rows of a store by number, across segments, as the graph wants them. Any thread that is pinned. */
final class StoreRows implements RowVectors {
    private static final int NO_SHIFT = -1;

    private final RowTable rows;
    private final int capacity;
    private final int shift;
    private final int strideBytes;
    private final boolean scaled;

    StoreRows(RowTable rows, PointStoreConfig config) {
        this.rows = rows;
        this.capacity = config.segmentRows();
        this.shift = Integer.bitCount(capacity) == 1 ? Integer.numberOfTrailingZeros(capacity) : NO_SHIFT;
        this.strideBytes = config.layout().strideBytes();
        this.scaled = config.shape().metric() == Metric.COSINE;
    }

    /** Rows a segment holds. */
    @HotPath
    int capacity() {
        return capacity;
    }

    /** Segment of a row; a shift where segments are as long as usual, because a division costs as much as a distance. */
    @HotPath
    int segment(int row) {
        return shift == NO_SHIFT ? row / capacity : row >>> shift;
    }

    /** Place of a row within its segment. */
    @HotPath
    int ordinal(int row) {
        return shift == NO_SHIFT ? row % capacity : row & (capacity - 1);
    }

    /** Number of a row by its place. */
    @HotPath
    int row(int segment, int ordinal) {
        return segment * capacity + ordinal;
    }

    /** Segments as of now; the array is never changed. */
    @HotPath
    Segment[] segments() {
        return rows.segmentsAcquire();
    }

    @HotPath
    private Segment of(int row) {
        return rows.segmentsAcquire()[segment(row)];
    }

    @Override
    public long rowCount() {
        return rows.rowCount();
    }

    @HotPath
    @Override
    public MemorySegment memory(int row) {
        return of(row).memory();
    }

    @HotPath
    @Override
    public long offset(int row) {
        return of(row).vectorOffset(ordinal(row));
    }

    @HotPath
    @Override
    public float scale(int row) {
        return scaled ? of(row).inverseNorm(ordinal(row)) : 1;
    }

    @Override
    public int strideBytes() {
        return strideBytes;
    }

    @Override
    public long sequence() {
        return rows.publishedAcquire();
    }

    @HotPath
    @Override
    public boolean isLiveAt(int row, long sequence) {
        return of(row).visibleAt(ordinal(row), sequence);
    }

    @Override
    public long fingerprint(int row) {
        Segment segment = of(row);
        return RowHash.of(segment, ordinal(row)) ^ segment.createdAt(ordinal(row));
    }
}
