package io.grape.vectors.graph;

import io.grape.vectors.model.HotPath;

/** A reusable search of one graph; owned by one thread, which must be pinned while it searches. */
public final class GraphSearcher implements AutoCloseable {
    private final VectorGraph graph;
    private final BeamSearch search;
    private int indexed;

    public GraphSearcher(VectorGraph graph) {
        this.graph = graph;
        this.search = new BeamSearch(graph.nodes());
    }

    /** Where the query goes: {@code dimension} components; the rest must be zero when {@link #search} is called. */
    public float[] vector() {
        return search.vector();
    }

    /** Fixes what the next search covers: rows below the returned number, 0 while the graph is empty. */
    @HotPath
    public int begin() {
        indexed = graph.indexedAcquire();
        return indexed;
    }

    /**
     * Finds nodes near the query, which it takes out of {@link #vector} and spoils there. After {@link #begin}.
     *
     * @param beam nodes to keep: more is slower and finds more
     * @return number of nodes found; their rows are read by index
     */
    @HotPath
    public int search(int beam) {
        if (indexed == 0) {
            return 0;
        }
        search.prepare(graph.space());
        return search.run(graph.entries(), indexed, beam);
    }

    /** Row {@code i} of those found, nearest first by estimated distance. */
    @HotPath
    public int row(int i) {
        return search.node(i);
    }

    /** Its estimated squared distance. */
    @HotPath
    public float estimate(int i) {
        return search.estimate(i);
    }

    /** Nodes that the last search expanded. */
    public int expandedCount() {
        return search.expandedCount();
    }

    @Override
    public void close() {
        search.close();
    }
}
