package io.grape.vectors;

import io.grape.vectors.graph.VectorGraph;
import io.grape.vectors.kernel.DistanceKernel;
import io.grape.vectors.model.HotPath;
import io.grape.vectors.model.Metric;
import io.grape.vectors.model.Reason;
import io.grape.vectors.model.VectorCheck;
import io.grape.vectors.model.VectorShape;
import io.grape.vectors.model.VectorsException;
import io.grape.vectors.segment.ReaderPins;
import io.grape.vectors.segment.Segment;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Objects;
import org.agrona.DirectBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A reusable search over the live points of a snapshot: exact by a scan, or approximate by the graph.
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
    private @Nullable GraphQuery graphQuery;
    private boolean exact;
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
        store.enter(pin);
        try {
            long snapshot = store.rows().publishedAcquire();
            scanFrom(0, k, store.rows().segmentsAcquire(), snapshot);
        } finally {
            pin.leave();
        }
        exact = true;
        best.sort();
        return best.count();
    }

    /**
     * Finds k near points with the graph, and scans the rows that are not linked yet. Without a graph, and where the
     * graph finds fewer than k of the points that exist, this is the exact search; {@link #exact} tells.
     *
     * @param beam size of the beam, at least k to be of use: larger is slower and finds more of the true neighbours
     * @return the number found, as {@link #count}
     * @throws VectorsException INVALID_K, INVALID_VECTOR, STORE_CLOSED
     */
    @HotPath
    public int search(DirectBuffer vector, int offset, int k, int beam) {
        requireK(k);
        requireK(beam);
        prepareQuery(vector, offset);
        store.enter(pin);
        try {
            GraphQuery graph = graphQuery();
            int linked = graph == null ? 0 : graph.begin();
            long snapshot = store.rows().publishedAcquire();
            Segment[] segments = store.rows().segmentsAcquire();
            scanFrom(linked, k, segments, snapshot);
            exact = linked == 0;
            if (graph != null && linked > 0) {
                offerGraph(graph, k, Math.max(k, beam), segments, snapshot);
                if (best.count() < Math.min(k, store.size())) {
                    scanFrom(0, k, segments, snapshot);
                    exact = true;
                }
            }
        } finally {
            pin.leave();
        }
        best.sort();
        return best.count();
    }

    /** Scores what the graph found with the exact kernel. */
    @HotPath
    private void offerGraph(GraphQuery graph, int k, int beam, Segment[] segments, long snapshot) {
        int found = graph.search(query, shape.dimension(), k, beam, segments, snapshot);
        StoreRows rows = store.rowVectors();
        for (int i = 0; i < found; i++) {
            int row = graph.row(i);
            Segment segment = segments[rows.segment(row)];
            int ordinal = rows.ordinal(row);
            float key = key(segment, ordinal, scoreOne(segment, ordinal));
            best.offer(key, segment.idMost(ordinal), segment.idLeast(ordinal), segment.version(ordinal));
        }
    }

    @HotPath
    private float scoreOne(Segment segment, int ordinal) {
        int stride = segment.layout().strideBytes();
        long at = segment.vectorOffset(ordinal);
        return shape.metric() == Metric.EUCLIDEAN
                ? kernel.squaredDistance(query, segment.memory(), at, stride)
                : kernel.dot(query, segment.memory(), at, stride);
    }

    @HotPath
    private float key(Segment segment, int ordinal, float score) {
        return switch (shape.metric()) {
            case DOT -> -score;
            case COSINE -> -score * segment.inverseNorm(ordinal);
            case EUCLIDEAN -> score;
        };
    }

    private @Nullable GraphQuery graphQuery() {
        VectorGraph graph = store.graph();
        if (graphQuery == null && graph != null) {
            graphQuery = new GraphQuery(graph, store.rowVectors());
        }
        return graphQuery;
    }

    /** Starts over with all rows from number {@code first}. */
    @HotPath
    private void scanFrom(int first, int k, Segment[] segments, long snapshot) {
        best.reset(k);
        scanned = 0;
        int capacity = store.rowVectors().capacity();
        for (int i = first / capacity; i < segments.length; i++) {
            scan(segments[i], Math.max(0, first - i * capacity), snapshot);
        }
    }

    @HotPath
    private void scan(Segment segment, int from, long snapshot) {
        int rows = segment.rowsAt(snapshot);
        // A kernel takes whole groups of rows from a group's start; the rows before from are scored and not looked at.
        for (int first = from & -DistanceKernel.ROWS_AT_A_TIME; first < rows; first += BLOCK_ROWS) {
            int end = Math.min(BLOCK_ROWS, rows - first);
            int start = Math.max(0, from - first);
            // What lies behind the last row is inside the file, and is not looked at either.
            score(segment, first, (end + DistanceKernel.ROWS_AT_A_TIME - 1) & -DistanceKernel.ROWS_AT_A_TIME);
            switch (shape.metric()) {
                case DOT -> offerDot(segment, first, start, end, snapshot);
                case COSINE -> offerCosine(segment, first, start, end, snapshot);
                case EUCLIDEAN -> offerEuclidean(segment, first, start, end, snapshot);
            }
        }
        scanned += Math.max(0, rows - from);
    }

    @HotPath
    private void score(Segment segment, int first, int count) {
        int stride = segment.layout().strideBytes();
        long at = segment.vectorOffset(first);
        if (shape.metric() == Metric.EUCLIDEAN) {
            kernel.squaredDistance(query, segment.memory(), at, stride, count, scores);
        } else {
            kernel.dot(query, segment.memory(), at, stride, count, scores);
        }
    }

    @HotPath
    private void offerDot(Segment segment, int first, int start, int end, long snapshot) {
        float threshold = best.threshold();
        for (int i = start; i < end; i++) {
            if (-scores[i] <= threshold) {
                offer(segment, first + i, -scores[i], snapshot);
                threshold = best.threshold();
            }
        }
    }

    @HotPath
    private void offerCosine(Segment segment, int first, int start, int end, long snapshot) {
        float threshold = best.threshold();
        for (int i = start; i < end; i++) {
            float key = -scores[i] * segment.inverseNorm(first + i);
            if (key <= threshold) {
                offer(segment, first + i, key, snapshot);
                threshold = best.threshold();
            }
        }
    }

    @HotPath
    private void offerEuclidean(Segment segment, int first, int start, int end, long snapshot) {
        float threshold = best.threshold();
        for (int i = start; i < end; i++) {
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

    /** Whether the last search was exact: certain to have found the k nearest. */
    public boolean exact() {
        return exact;
    }

    /** Rows that the last search scanned, deleted ones included; those that the graph expanded are not counted. */
    public long scanned() {
        return scanned;
    }

    /** Frees the query buffer and the place among the readers. */
    @Override
    public void close() {
        pin.close();
        if (graphQuery != null) {
            graphQuery.close();
            graphQuery = null;
        }
        if (arena.scope().isAlive()) {
            arena.close();
        }
    }
}
