package io.grape.vectors;

import io.grape.vectors.kernel.DistanceKernel;
import io.grape.vectors.model.HotPath;
import io.grape.vectors.model.Metric;
import io.grape.vectors.model.Reason;
import io.grape.vectors.model.VectorCheck;
import io.grape.vectors.model.VectorShape;
import io.grape.vectors.model.VectorsException;
import io.grape.vectors.segment.ReaderPins;
import io.grape.vectors.segment.RowTable;
import io.grape.vectors.segment.Segment;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Objects;
import org.agrona.DirectBuffer;

/**
 * A reusable exact search: one scan over all live rows of a snapshot.
 *
 * <p>Owned by one thread at a time. A search allocates nothing, except when k exceeds every k before. Results stay
 * readable until the next search.
 */
public final class Searcher implements AutoCloseable {
    /** Most results of a search. */
    public static final int MAX_K = 1 << 14;

    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final int BLOCK_ROWS = 256;

    private final PointStore store;
    private final DistanceKernel kernel;
    private final VectorShape shape;
    private final ReaderPins.Pin pin;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment query;
    private final float[] scores = new float[BLOCK_ROWS];
    private final TopK best = new TopK();
    private long scanned;

    Searcher(PointStore store, DistanceKernel kernel) {
        this.store = store;
        this.kernel = kernel;
        this.shape = store.shape();
        this.pin = store.pins().newPin();
        this.query = arena.allocate(DistanceKernel.strideBytes(shape.dimension()), DistanceKernel.ROW_ALIGNMENT_BYTES);
    }

    /**
     * Finds the k nearest live points, nearest first, ties by unsigned id.
     *
     * @param vector holds {@code dimension} little-endian float32 values from {@code offset}
     * @param k 1..{@value #MAX_K}; fewer are found when the store holds fewer
     * @return the number found, as {@link #count}
     * @throws VectorsException INVALID_K, INVALID_VECTOR, STORE_CLOSED
     */
    @HotPath
    public int search(DirectBuffer vector, int offset, int k) {
        requireK(k);
        prepareQuery(vector, offset);
        best.reset(k);
        scanned = 0;
        store.enter(pin);
        try {
            RowTable rows = store.rows();
            long snapshot = rows.publishedAcquire();
            Segment[] segments = rows.segmentsAcquire();
            for (int i = 0; i < segments.length; i++) {
                scan(segments[i], snapshot);
            }
        } finally {
            pin.leave();
        }
        best.sort();
        return best.count();
    }

    @HotPath
    private void scan(Segment segment, long snapshot) {
        int rows = segment.rowsAt(snapshot);
        int stride = segment.layout().strideBytes();
        MemorySegment memory = segment.memory();
        for (int first = 0; first < rows; first += BLOCK_ROWS) {
            int count = Math.min(BLOCK_ROWS, rows - first);
            // Whole groups of rows: what lies behind the last one is inside the file, and its score is not looked at.
            int padded = (count + DistanceKernel.ROWS_AT_A_TIME - 1) & -DistanceKernel.ROWS_AT_A_TIME;
            long at = segment.vectorOffset(first);
            switch (shape.metric()) {
                case DOT -> {
                    kernel.dot(query, memory, at, stride, padded, scores);
                    offerDot(segment, first, count, snapshot);
                }
                case COSINE -> {
                    kernel.dot(query, memory, at, stride, padded, scores);
                    offerCosine(segment, first, count, snapshot);
                }
                case EUCLIDEAN -> {
                    kernel.squaredDistance(query, memory, at, stride, padded, scores);
                    offerEuclidean(segment, first, count, snapshot);
                }
            }
        }
        scanned += rows;
    }

    @HotPath
    private void offerDot(Segment segment, int first, int count, long snapshot) {
        float threshold = best.threshold();
        for (int i = 0; i < count; i++) {
            if (-scores[i] <= threshold) {
                offer(segment, first + i, -scores[i], snapshot);
                threshold = best.threshold();
            }
        }
    }

    @HotPath
    private void offerCosine(Segment segment, int first, int count, long snapshot) {
        float threshold = best.threshold();
        for (int i = 0; i < count; i++) {
            float key = -scores[i] * segment.inverseNorm(first + i);
            if (key <= threshold) {
                offer(segment, first + i, key, snapshot);
                threshold = best.threshold();
            }
        }
    }

    @HotPath
    private void offerEuclidean(Segment segment, int first, int count, long snapshot) {
        float threshold = best.threshold();
        for (int i = 0; i < count; i++) {
            if (scores[i] <= threshold) {
                offer(segment, first + i, scores[i], snapshot);
                threshold = best.threshold();
            }
        }
    }

    @HotPath
    private void offer(Segment segment, int row, float key, long snapshot) {
        if (segment.visibleAt(row, snapshot)) {
            best.offer(key, segment.idMost(row), segment.idLeast(row), segment.version(row));
        }
    }

    /** Copies the query off-heap; under cosine it is scaled to length 1 here, and the rows by their stored norm. */
    @HotPath
    private void prepareQuery(DirectBuffer vector, int offset) {
        double squaredNorm = VectorCheck.squaredNorm(vector, offset, shape.dimension());
        VectorCheck.Verdict verdict = VectorCheck.verdict(squaredNorm, shape.metric());
        if (verdict != VectorCheck.Verdict.OK) {
            refuseVector(verdict);
        }
        float scale = shape.metric() == Metric.COSINE ? (float) (1.0 / Math.sqrt(squaredNorm)) : 1;
        for (int i = 0; i < shape.dimension(); i++) {
            long at = (long) i << 2;
            query.set(FLOAT, at, vector.getFloat(offset + (int) at, ByteOrder.LITTLE_ENDIAN) * scale);
        }
    }

    private static void refuseVector(VectorCheck.Verdict verdict) {
        throw new VectorsException(Reason.INVALID_VECTOR, "the query is not usable: " + verdict);
    }

    private static void requireK(int k) {
        if (k < 1 || k > MAX_K) {
            throw new VectorsException(Reason.INVALID_K, "k " + k + " is not within 1.." + MAX_K);
        }
    }

    /** Results of the last search. */
    public int count() {
        return best.count();
    }

    /** Most significant half of the id of result {@code i}. */
    public long idMost(int i) {
        return best.idMost(Objects.checkIndex(i, best.count()));
    }

    /** Least significant half of the id of result {@code i}. */
    public long idLeast(int i) {
        return best.idLeast(Objects.checkIndex(i, best.count()));
    }

    /** Version of result {@code i}. */
    public long version(int i) {
        return best.version(Objects.checkIndex(i, best.count()));
    }

    /** Score of result {@code i}; its meaning is {@link Metric}'s. */
    public float score(int i) {
        float key = best.key(Objects.checkIndex(i, best.count()));
        return shape.metric() == Metric.EUCLIDEAN ? (float) Math.sqrt(key) : 0 - key;
    }

    /** Rows that the last search compared the query with, deleted ones included. */
    public long scanned() {
        return scanned;
    }

    /** Frees the query buffer and the place among the readers. */
    @Override
    public void close() {
        pin.close();
        if (arena.scope().isAlive()) {
            arena.close();
        }
    }
}
