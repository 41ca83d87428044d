package io.grape.vectors;

import io.grape.vectors.graph.GraphSearcher;
import io.grape.vectors.graph.VectorGraph;
import io.grape.vectors.model.HotPath;
import io.grape.vectors.segment.Segment;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * The graph's part of a search: the nearest visible rows among those the graph expanded, by the graph's own distances.
 *
 * <p>Those are rounded by the rotation, so the searcher scores the rows again with the exact kernel; {@link #SPARE} more
 * than asked for keep the rounding from pushing one out. Owned by one thread, pinned while it searches.
 */
final class GraphQuery implements AutoCloseable {
    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final int SPARE = 8;

    private final GraphSearcher searcher;
    private final int segmentRows;
    private final TopK nearest = new TopK();

    GraphQuery(VectorGraph graph, int segmentRows) {
        this.searcher = new GraphSearcher(graph);
        this.segmentRows = segmentRows;
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
     * @return number of visible rows found; see {@link #row}
     */
    @HotPath
    int search(MemorySegment query, int dimension, int k, int beam, Segment[] segments, long snapshot) {
        float[] vector = searcher.vector();
        for (int i = 0; i < dimension; i++) {
            vector[i] = query.get(FLOAT, (long) i << 2);
        }
        Arrays.fill(vector, dimension, vector.length, 0);
        int expanded = searcher.search(beam);
        nearest.reset(k + SPARE);
        for (int i = 0; i < expanded; i++) {
            float distance = searcher.squaredDistance(i);
            if (distance <= nearest.threshold()) {
                int row = searcher.row(i);
                Segment segment = segments[row / segmentRows];
                int ordinal = row % segmentRows;
                if (segment.createdAt(ordinal) <= snapshot && segment.visibleAt(ordinal, snapshot)) {
                    nearest.offer(distance, 0, row, 0);
                }
            }
        }
        return nearest.count();
    }

    /** Row number of a found row; no order. */
    @HotPath
    int row(int i) {
        return (int) nearest.idLeast(i);
    }

    @Override
    public void close() {
        searcher.close();
    }
}
