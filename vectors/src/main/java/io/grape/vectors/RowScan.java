package io.grape.vectors;

import io.grape.vectors.id.IdMap;
import io.grape.vectors.id.PointKey;
import io.grape.vectors.id.RowEntry;
import io.grape.vectors.kernel.DistanceKernel;
import io.grape.vectors.model.HotPath;
import io.grape.vectors.model.Metric;
import io.grape.vectors.model.VectorShape;
import io.grape.vectors.query.SearchParameters;
import io.grape.vectors.segment.Segment;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;
import org.roaringbitmap.RoaringBitmap;

/**
 * Compares rows with a query one after the other, and keeps the best that the parameters let through.
 *
 * <p>Part of a {@link Searcher}: one thread, pinned while it works. Allocates nothing but for a larger k.
 */
final class RowScan {
    private static final int BLOCK_ROWS = 256;

    /** Where fewer than one row of so many is allowed, rows are compared one by one instead of in order. */
    private static final int SPARSE_DIVISOR = 4;

    private final StoreRows rows;
    private final DistanceKernel kernel;
    private final VectorShape shape;
    private final MemorySegment query;
    private final float[] scores = new float[BLOCK_ROWS];
    private final TopK best = new TopK();
    private final PointKey key = new PointKey();
    private final RowEntry entry = new RowEntry();
    private SearchParameters parameters;
    private boolean acceptsAll = true;
    private boolean complete;
    private long scanned;

    /** @param query off-heap; scaled to length 1 under cosine when a search begins */
    RowScan(StoreRows rows, VectorShape shape, DistanceKernel kernel, MemorySegment query) {
        this.rows = rows;
        this.shape = shape;
        this.kernel = kernel;
        this.query = query;
        this.parameters = new SearchParameters();
    }

    /** Begins a search. */
    @HotPath
    void begin(int k, SearchParameters how) {
        parameters = how;
        acceptsAll = how.acceptsAll();
        complete = true;
        scanned = 0;
        best.reset(k, worstKey(how.scoreLimit()));
    }

    /** Forgets what was found. */
    @HotPath
    void beginAgain(int k) {
        begin(k, parameters);
    }

    /** What was found. */
    @HotPath
    TopK best() {
        return best;
    }

    /** Whether nothing was left out for want of time. */
    @HotPath
    boolean isComplete() {
        return complete;
    }

    /** Rows compared. */
    @HotPath
    long scanned() {
        return scanned;
    }

    /** Whether the time is up, which makes the search incomplete. */
    @HotPath
    boolean stopIfExpired() {
        if (parameters.isExpired()) {
            complete = false;
            return true;
        }
        return false;
    }

    /** Scores the points of the allowed ids one by one; each look-up sees the newest version. */
    @HotPath
    void lookUp(IdMap map, Segment[] atFirst) {
        Segment[] segments = atFirst;
        RoaringBitmap allowed = parameters.rows();
        for (int i = 0; i < parameters.ids().size(); i++) {
            key.set(parameters.ids().most(i), parameters.ids().least(i));
            if (!map.get(key, entry)) {
                continue;
            }
            if (entry.segment() >= segments.length) {
                // Made after the array was read, and before the map named it.
                segments = rows.segments();
            }
            if (allowed == null || allowed.contains(rows.row(entry.segment(), entry.ordinal()))) {
                offerExactly(segments[entry.segment()], entry.ordinal());
                scanned++;
            }
        }
    }

    /** Compares all rows that may be found: one by one where few are allowed. */
    @HotPath
    void scanAll(Segment[] segments, long snapshot, @Nullable RoaringBitmap allowed, long among) {
        if (allowed == null || among > rows.rowCount() / SPARSE_DIVISOR) {
            scanFrom(0, segments, snapshot);
            return;
        }
        for (long row = allowed.nextValue(0); row >= 0; row = allowed.nextValue((int) row + 1)) {
            int number = rows.segment((int) row);
            if (number >= segments.length || ((scanned & (BLOCK_ROWS - 1)) == 0 && stopIfExpired())) {
                return;
            }
            Segment segment = segments[number];
            int ordinal = rows.ordinal((int) row);
            if (ordinal < segment.rowsAcquire() && mayFind(segment, ordinal, snapshot)) {
                offerExactly(segment, ordinal);
            }
            scanned++;
        }
    }

    /** Compares all rows from number {@code first} on. */
    @HotPath
    void scanFrom(int first, Segment[] segments, long snapshot) {
        int capacity = rows.capacity();
        for (int i = first / capacity; i < segments.length && complete; i++) {
            scan(segments[i], Math.max(0, first - i * capacity), snapshot);
        }
    }

    @HotPath
    private void scan(Segment segment, int from, long snapshot) {
        int end = segment.rowsAt(snapshot);
        // A kernel takes whole groups of rows from a group's start; the rows before from are scored and not looked at.
        for (int first = from & -DistanceKernel.ROWS_AT_A_TIME; first < end; first += BLOCK_ROWS) {
            if (stopIfExpired()) {
                return;
            }
            int count = Math.min(BLOCK_ROWS, end - first);
            int start = Math.max(0, from - first);
            // What lies behind the last row is inside the file, and is not looked at either.
            score(segment, first, (count + DistanceKernel.ROWS_AT_A_TIME - 1) & -DistanceKernel.ROWS_AT_A_TIME);
            switch (shape.metric()) {
                case DOT -> offerDot(segment, first, start, count, snapshot);
                case COSINE -> offerCosine(segment, first, start, count, snapshot);
                case EUCLIDEAN -> offerEuclidean(segment, first, start, count, snapshot);
            }
        }
        scanned += Math.max(0, end - from);
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
        if (segment.visibleAt(row, snapshot) && (acceptsAll || accepts(segment, row))) {
            best.offer(key, segment.idMost(row), segment.idLeast(row), segment.version(row));
        }
    }

    /** Whether a row lived at the snapshot, and the parameters let it through. */
    @HotPath
    boolean mayFind(Segment segment, int ordinal, long snapshot) {
        return segment.createdAt(ordinal) <= snapshot
                && segment.visibleAt(ordinal, snapshot)
                && (acceptsAll || accepts(segment, ordinal));
    }

    @HotPath
    private boolean accepts(Segment segment, int ordinal) {
        return parameters.accepts(
                rows.row(segment.index(), ordinal), segment.idMost(ordinal), segment.idLeast(ordinal));
    }

    /**
     * Scores one row as a scan does, bit by bit, and keeps it if it is good enough.
     *
     * @return its squared distance, under cosine of the vectors scaled to length 1; no measure under dot
     */
    @HotPath
    float offerExactly(Segment segment, int ordinal) {
        float key = key(segment, ordinal, scoreOne(segment, ordinal));
        if (key <= best.threshold()) {
            best.offer(key, segment.idMost(ordinal), segment.idLeast(ordinal), segment.version(ordinal));
        }
        return shape.metric() == Metric.COSINE ? 2 + 2 * key : key;
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

    /** The largest key whose score is within the limit. */
    @HotPath
    private float worstKey(float scoreLimit) {
        if (Float.isNaN(scoreLimit)) {
            return Float.POSITIVE_INFINITY;
        }
        if (shape.metric() != Metric.EUCLIDEAN) {
            return 0 - scoreLimit;
        }
        if (scoreLimit < 0) {
            return -1;
        }
        // Rounding may have put a distance on the limit whose square is above the limit's.
        float worst = scoreLimit * scoreLimit;
        while (worst < Float.MAX_VALUE && (float) Math.sqrt(Math.nextUp(worst)) <= scoreLimit) {
            worst = Math.nextUp(worst);
        }
        return worst;
    }
}
