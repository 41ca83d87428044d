package io.grape.vectors.query;

import io.grape.vectors.model.HotPath;
import org.agrona.concurrent.NanoClock;
import org.jspecify.annotations.Nullable;
import org.roaringbitmap.RoaringBitmap;

/**
 * What a search may be told besides the vector and k. Reusable: {@link #reset}, set what differs, search.
 *
 * <p>Filters meet: a point is found if every one that is set lets it through. One thread at a time.
 */
public final class SearchParameters {
    /** The searcher chooses the beam. */
    public static final int DEFAULT_BEAM = 0;

    /** What the ids mean. */
    public enum Ids {
        /** Nothing. */
        NONE,
        /** Only these points may be found. */
        ALLOWED,
        /** These points are not found. */
        DENIED
    }

    private final IdSet ids = new IdSet();
    private Ids idsMean = Ids.NONE;
    private int beam;
    private boolean exact;
    private float scoreLimit = Float.NaN;
    private @Nullable RoaringBitmap rows;
    private @Nullable NanoClock clock;
    private long deadlineNs;

    /** Back to an approximate search of all points with the usual beam. */
    @HotPath
    public SearchParameters reset() {
        ids.clear();
        idsMean = Ids.NONE;
        beam = DEFAULT_BEAM;
        exact = false;
        scoreLimit = Float.NaN;
        rows = null;
        clock = null;
        return this;
    }

    /** Sets how many candidates a search of the graph keeps, {@link #DEFAULT_BEAM} for the usual number. */
    @HotPath
    public SearchParameters beam(int candidates) {
        beam = candidates;
        return this;
    }

    /** Has every point compared, graph or not. */
    @HotPath
    public SearchParameters exact(boolean wanted) {
        exact = wanted;
        return this;
    }

    /** Sets the worst score that is returned: the least under dot and cosine, the largest distance; NaN for none. */
    @HotPath
    public SearchParameters scoreLimit(float worst) {
        scoreLimit = worst;
        return this;
    }

    /** Sets what {@link #ids} mean; fill them before the search. */
    @HotPath
    public SearchParameters idsMean(Ids meaning) {
        idsMean = meaning;
        return this;
    }

    /**
     * Allows rows only, by the numbers that {@code PointReader.row} returns. A point that is replaced gets another row, which
     * the bitmap does not know.
     *
     * @param allowed not changed while a search uses it; null for all
     */
    @HotPath
    public SearchParameters rows(@Nullable RoaringBitmap allowed) {
        rows = allowed;
        return this;
    }

    /** Ends the search when the clock has passed a time; what was found so far is the answer. */
    @HotPath
    public SearchParameters deadline(NanoClock nanoClock, long atNs) {
        clock = nanoClock;
        deadlineNs = atNs;
        return this;
    }

    @HotPath
    public int beam() {
        return beam;
    }

    @HotPath
    public boolean isExact() {
        return exact;
    }

    @HotPath
    public float scoreLimit() {
        return scoreLimit;
    }

    /** The ids, to be filled and read. */
    @HotPath
    public IdSet ids() {
        return ids;
    }

    @HotPath
    public Ids idsMean() {
        return idsMean;
    }

    @HotPath
    public @Nullable RoaringBitmap rows() {
        return rows;
    }

    /** Returns whether a point may be found. */
    @HotPath
    public boolean accepts(int row, long idMost, long idLeast) {
        if (idsMean != Ids.NONE && ids.contains(idMost, idLeast) != (idsMean == Ids.ALLOWED)) {
            return false;
        }
        return rows == null || rows.contains(row);
    }

    /** Returns whether every point may be found. */
    @HotPath
    public boolean acceptsAll() {
        return idsMean == Ids.NONE && rows == null;
    }

    /** Returns whether the deadline has passed. */
    @HotPath
    public boolean isExpired() {
        return clock != null && clock.nanoTime() - deadlineNs >= 0;
    }
}
