package io.grape.vectors.graph;

import io.grape.vectors.model.HotPath;

/** A reusable search of one graph; owned by one thread, which must be pinned while it searches. */
public final class GraphSearcher implements AutoCloseable {
    private final VectorGraph graph;
    private final BeamSearch search;
    private int entry;
    private int indexed;

    public GraphSearcher(VectorGraph graph) {
        this.graph = graph;
        this.search = new BeamSearch(graph.blocks(), graph.rotation());
    }

    /** Where the query goes: {@code dimension} components; the rest must be zero when {@link #search} is called. */
    public float[] vector() {
        return search.vector();
    }

    /**
     * Fixes what the next search covers: rows below the returned number, 0 while the graph is empty.
     *
     * <p>The entry is read before the count and was published after it, so it is always covered.
     */
    @HotPath
    public int begin() {
        entry = graph.entryAcquire();
        indexed = entry < 0 ? 0 : graph.indexedAcquire();
        return indexed;
    }

    /**
     * Expands nodes near the query, which it takes out of {@link #vector} and spoils there. After {@link #begin}.
     *
     * @param beam size of the beam: larger is slower and finds more
     * @return number of nodes expanded; their rows and distances are read by index
     */
    @HotPath
    public int search(int beam) {
        if (indexed == 0) {
            return 0;
        }
        search.prepare();
        return search.run(entry, indexed, beam);
    }

    /** Row of an expanded node, in no useful order. */
    @HotPath
    public int row(int i) {
        return search.expanded(i);
    }

    /** Its squared distance to the query, up to rounding of the rotation. */
    @HotPath
    public float squaredDistance(int i) {
        return search.distance(i);
    }

    @Override
    public void close() {
        search.close();
    }
}
