package io.grape.vectors;

import io.grape.vectors.graph.VectorGraph;
import io.grape.vectors.id.IdMap;
import io.grape.vectors.kernel.DistanceKernel;
import io.grape.vectors.model.HotPath;
import io.grape.vectors.model.Metric;
import io.grape.vectors.model.Reason;
import io.grape.vectors.model.VectorCheck;
import io.grape.vectors.model.VectorShape;
import io.grape.vectors.model.VectorsException;
import io.grape.vectors.query.SearchParameters;
import io.grape.vectors.segment.ReaderPins;
import io.grape.vectors.segment.Segment;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Objects;
import org.agrona.DirectBuffer;
import org.jspecify.annotations.Nullable;
import org.roaringbitmap.RoaringBitmap;

/**
 * A reusable search over the live points of a snapshot: exact by a scan, or approximate by the graph.
 *
 * <p>Owned by one thread at a time. A search allocates nothing, except when k, the beam or the graph exceed all before.
 * Results stay readable until the next search.
 */
public final class Searcher implements AutoCloseable {
    /** Most results of a search, and the widest beam. */
    public static final int MAX_K = 1 << 14;

    /** Beam of a search that names none, unless k asks for more. */
    public static final int DEFAULT_BEAM = 128;

    /** Rows that are compared one by one in the time that a place in the beam costs. */
    private static final int ROWS_A_STEP = 6;

    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final PointStore store;
    private final VectorShape shape;
    private final ReaderPins.Pin pin;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment query;
    private final RowScan scan;
    private final SearchParameters usual = new SearchParameters();
    private @Nullable GraphQuery graphQuery;
    private boolean exact;
    private int beamUsed;

    Searcher(PointStore store, DistanceKernel kernel) {
        this.store = store;
        this.shape = store.shape();
        this.pin = store.pins().newPin();
        this.query = arena.allocate(DistanceKernel.strideBytes(shape.dimension()), DistanceKernel.ROW_ALIGNMENT_BYTES);
        this.scan = new RowScan(store.rowVectors(), shape, kernel, query);
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
        return search(vector, offset, k, usual.reset().exact(true));
    }

    /**
     * Finds k near points with the graph, and scans the rows that are not linked yet. Without a graph, and where the
     * graph finds fewer than k of the points that exist, this is the exact search; {@link #exact} tells.
     *
     * @param beam size of the beam, at least k to be of use: larger is slower and finds more of the true neighbours
     * @return the number found, as {@link #count}
     * @throws VectorsException INVALID_K, INVALID_BEAM, INVALID_VECTOR, STORE_CLOSED
     */
    @HotPath
    public int search(DirectBuffer vector, int offset, int k, int beam) {
        return search(vector, offset, k, usual.reset().beam(beam));
    }

    /**
     * Finds near points as the parameters say: exactly by a scan, or by the graph where there is one and it is the faster
     * way.
     *
     * <p>Of points that were allowed by id each is as new as its look-up; every other search sees the store at one moment.
     *
     * @param how not changed; may be changed as soon as this returns
     * @return the number found, as {@link #count}
     * @throws VectorsException INVALID_K, INVALID_BEAM, INVALID_VECTOR, STORE_CLOSED
     */
    @HotPath
    public int search(DirectBuffer vector, int offset, int k, SearchParameters how) {
        requireK(k);
        requireBeam(how.beam());
        prepareQuery(vector, offset);
        scan.begin(k, how);
        exact = true;
        beamUsed = 0;
        store.enter(pin);
        try {
            find(k, how);
        } finally {
            pin.leave();
        }
        scan.best().sort();
        return scan.best().count();
    }

    @HotPath
    private void find(int k, SearchParameters how) {
        IdMap ids = how.idsMean() == SearchParameters.Ids.ALLOWED ? store.idMapIfReady() : null;
        if (ids != null) {
            scan.lookUp(ids, store.rows().segmentsAcquire());
            return;
        }
        GraphQuery graph = how.isExact() || how.idsMean() == SearchParameters.Ids.ALLOWED ? null : graphQuery();
        int linked = graph == null ? 0 : graph.begin();
        long snapshot = store.rows().publishedAcquire();
        Segment[] segments = store.rows().segmentsAcquire();
        RoaringBitmap allowed = how.rows();
        long among = allowed == null ? store.rows().rowCount() : allowed.getLongCardinality();
        int width = width(k, how);
        int beam = linked == 0 ? 0 : filteredBeam(width, allowed, among);
        if (graph == null || beam == 0) {
            scan.scanAll(segments, snapshot, allowed, among);
            return;
        }
        scan.scanFrom(linked, segments, snapshot);
        exact = false;
        beamUsed = beam;
        int found = scan.stopIfExpired()
                ? 0
                : graph.search(query, GraphQuery.wanted(k, width), beam, scan, segments, snapshot);
        if (scan.isComplete() && lacks(k, found, how, among)) {
            scan.beginAgain(k);
            scan.scanAll(segments, snapshot, allowed, among);
            exact = true;
        }
    }

    @HotPath
    private static int width(int k, SearchParameters how) {
        return how.beam() == SearchParameters.DEFAULT_BEAM
                ? Math.min(MAX_K, Math.max(DEFAULT_BEAM, 2 * k))
                : Math.max(k, how.beam());
    }

    /** Whether the graph and the rows that it lacks gave fewer points than there may be. */
    @HotPath
    private boolean lacks(int k, int found, SearchParameters how, long among) {
        long exist = Math.min(store.size() - how.ids().size(), how.rows() == null ? Long.MAX_VALUE : among);
        return Math.max(found, scan.best().count()) < Math.min(k, exist);
    }

    /**
     * The beam that has as many allowed nodes in it as one without a filter would have; 0 if comparing the allowed rows one
     * by one costs less.
     */
    @HotPath
    private int filteredBeam(int beam, @Nullable RoaringBitmap allowed, long among) {
        if (allowed == null) {
            return beam;
        }
        long widened = among == 0 ? MAX_K + 1 : (beam * store.rows().rowCount() + among - 1) / among;
        return widened > MAX_K || among <= widened * ROWS_A_STEP ? 0 : (int) widened;
    }

    private @Nullable GraphQuery graphQuery() {
        VectorGraph graph = store.graph();
        if (graphQuery == null && graph != null) {
            graphQuery = new GraphQuery(graph, store.rowVectors());
        }
        return graphQuery;
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

    private static void requireBeam(int beam) {
        if (beam < 0 || beam > MAX_K) {
            throw new VectorsException(Reason.INVALID_BEAM, "beam " + beam + " is not within 0.." + MAX_K);
        }
    }

    /** Results of the last search. */
    public int count() {
        return scan.best().count();
    }

    /** Most significant half of the id of result {@code i}. */
    public long idMost(int i) {
        return scan.best().idMost(Objects.checkIndex(i, count()));
    }

    /** Least significant half of the id of result {@code i}. */
    public long idLeast(int i) {
        return scan.best().idLeast(Objects.checkIndex(i, count()));
    }

    /** Version of result {@code i}. */
    public long version(int i) {
        return scan.best().version(Objects.checkIndex(i, count()));
    }

    /** Score of result {@code i}; its meaning is {@link Metric}'s. */
    public float score(int i) {
        float key = scan.best().key(Objects.checkIndex(i, count()));
        return shape.metric() == Metric.EUCLIDEAN ? (float) Math.sqrt(key) : 0 - key;
    }

    /** Whether the last search was exact: certain to have found the k nearest of the points that it was allowed. */
    public boolean exact() {
        return exact && scan.isComplete();
    }

    /** Whether the last search came to its end before its deadline. */
    public boolean complete() {
        return scan.isComplete();
    }

    /** Beam of the last search, widened for a filter; 0 if the graph was not asked. */
    public int beam() {
        return beamUsed;
    }

    /** Rows that the last search scanned, deleted ones included; those that the graph expanded are not counted. */
    public long scanned() {
        return scan.scanned();
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
