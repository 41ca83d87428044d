package io.grape.client;

import io.grape.codecs.HotPath;
import io.grape.codecs.sbe.IdFilter;

/**
 * What a search may be told besides its vector and k. Immutable, so it can be made once and used for every search.
 */
public final class SearchOptions {
    /** What a search is without options: approximate where the collection has a graph, among all points. */
    public static final SearchOptions DEFAULT = new SearchOptions(false, 0, Float.NaN, IdFilter.NONE, new long[0]);

    /** Compares every point, and is certain to return the nearest. */
    public static final SearchOptions EXACT = DEFAULT.exact();

    /** Most ids that may be allowed or denied. */
    public static final int MAX_IDS = 4096;

    private final boolean exact;
    private final int ef;
    private final float scoreLimit;
    private final IdFilter filter;
    private final long[] ids;

    private SearchOptions(boolean exact, int ef, float scoreLimit, IdFilter filter, long[] ids) {
        this.exact = exact;
        this.ef = ef;
        this.scoreLimit = scoreLimit;
        this.filter = filter;
        this.ids = ids;
    }

    /** The same, but comparing every point. */
    public SearchOptions exact() {
        return new SearchOptions(true, ef, scoreLimit, filter, ids);
    }

    /**
     * The same with another width of the search through the graph.
     *
     * @param candidates kept while searching: more is slower and finds more of the true neighbours; 0 for the node's choice
     */
    public SearchOptions withEf(int candidates) {
        return new SearchOptions(exact, candidates, scoreLimit, filter, ids);
    }

    /**
     * The same, returning no point that scores worse.
     *
     * @param worst least inner product or cosine, or largest distance, by the collection's metric; NaN for no limit
     */
    public SearchOptions withScoreLimit(float worst) {
        return new SearchOptions(exact, ef, worst, filter, ids);
    }

    /**
     * The same among these points only.
     *
     * @param allowed numeric ids, 1 to {@value #MAX_IDS}
     */
    public SearchOptions allowing(long... allowed) {
        return new SearchOptions(exact, ef, scoreLimit, IdFilter.ALLOW, allowed.clone());
    }

    /**
     * The same without these points.
     *
     * @param denied numeric ids, 1 to {@value #MAX_IDS}
     */
    public SearchOptions denying(long... denied) {
        return new SearchOptions(exact, ef, scoreLimit, IdFilter.DENY, denied.clone());
    }

    @HotPath
    boolean isExact() {
        return exact;
    }

    @HotPath
    int ef() {
        return ef;
    }

    @HotPath
    float scoreLimit() {
        return scoreLimit;
    }

    @HotPath
    IdFilter filter() {
        return filter;
    }

    @HotPath
    int idCount() {
        return ids.length;
    }

    @HotPath
    long id(int i) {
        return ids[i];
    }
}
