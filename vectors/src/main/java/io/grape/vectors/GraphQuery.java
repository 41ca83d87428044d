package io.grape.vectors;

import io.grape.vectors.graph.GraphSearcher;
import io.grape.vectors.graph.VectorGraph;
import io.grape.vectors.model.HotPath;
import io.grape.vectors.query.SearchParameters;
import io.grape.vectors.segment.Segment;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * The graph's part of a search: visible rows near the query, nearest first by the graph's estimates.
 *
 * <p>Estimates err by a few thousandths, so the searcher scores more rows exactly than it was asked for: twice as many,
 * and no fewer than a quarter of the beam. Owned by one thread, pinned while it searches.
 */
final class GraphQuery implements AutoCloseable {
    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final int BEAM_DIVISOR = 4;

    private final GraphSearcher searcher;
    private final StoreRows rows;
    private int[] found = {};

    GraphQuery(VectorGraph graph, StoreRows rows) {
        this.searcher = new GraphSearcher(graph);
        this.rows = rows;
    }

    /** Rows that the next search covers; call it before the snapshot is taken. */
    @HotPath
    int begin() {
        return searcher.begin();
    }

    /**
     * Searches.
     *
     * @param query off-heap, as the exact search has it: scaled to length 1 under cosine
     * @param wanted rows to find at most
     * @return number of visible rows found that the filter lets through; see {@link #row}
     */
    @HotPath
    int search(
            MemorySegment query,
            int dimension,
            int wanted,
            int beam,
            SearchParameters how,
            Segment[] segments,
            long snapshot) {
        float[] vector = searcher.vector();
        for (int i = 0; i < dimension; i++) {
            vector[i] = query.get(FLOAT, (long) i << 2);
        }
        Arrays.fill(vector, dimension, vector.length, 0);
        int near = searcher.search(beam);
        boolean all = how.acceptsAll();
        if (found.length < wanted) {
            grow(wanted);
        }
        int count = 0;
        for (int i = 0; i < near && count < wanted; i++) {
            int row = searcher.row(i);
            Segment segment = segments[rows.segment(row)];
            int ordinal = rows.ordinal(row);
            if (segment.createdAt(ordinal) <= snapshot
                    && segment.visibleAt(ordinal, snapshot)
                    && (all || how.accepts(row, segment.idMost(ordinal), segment.idLeast(ordinal)))) {
                found[count++] = row;
            }
        }
        return count;
    }

    /** Rows to score exactly, for k results out of a beam. */
    @HotPath
    static int wanted(int k, int beam) {
        return Math.max(2 * k, beam / BEAM_DIVISOR);
    }

    private void grow(int wanted) {
        found = new int[wanted];
    }

    /** Row number of a found row. */
    @HotPath
    int row(int i) {
        return found[i];
    }

    @Override
    public void close() {
        searcher.close();
    }
}
