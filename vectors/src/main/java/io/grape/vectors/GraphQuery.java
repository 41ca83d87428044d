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
 * The graph's part of a search: rows near the query, nearest first by the graph's estimates, and the exact scores of the best
 * of them.
 *
 * <p>Estimates err by a few thousandths, so more rows are scored exactly than were asked for: twice as many, and no fewer
 * than a quarter of the beam. Where the estimates turn out to err by as much as they differ (a tight cluster far from
 * the centre of all codes), the whole beam is scored. Owned by one thread, pinned while it searches.
 */
final class GraphQuery implements AutoCloseable {
    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final int BEAM_DIVISOR = 4;

    /** Estimates say nothing if their error exceeds this part of the range that those scored first span. */
    private static final float TELLING = 0.25f;

    private final GraphSearcher searcher;
    private final StoreRows rows;
    private final int dimension;

    GraphQuery(VectorGraph graph, StoreRows rows) {
        this.searcher = new GraphSearcher(graph);
        this.rows = rows;
        this.dimension = graph.config().dimension();
    }

    /** Rows that the next search covers; call it before the snapshot is taken. */
    @HotPath
    int begin() {
        return searcher.begin();
    }

    /**
     * Searches, and offers visible rows that the parameters let through to a scan.
     *
     * @param query off-heap, as the exact search has it: scaled to length 1 under cosine
     * @param wanted rows to score exactly, if the estimates can be believed
     * @return number of rows scored
     */
    @HotPath
    int search(MemorySegment query, int wanted, int beam, RowScan scan, Segment[] segments, long snapshot) {
        float[] vector = searcher.vector();
        for (int i = 0; i < dimension; i++) {
            vector[i] = query.get(FLOAT, (long) i << 2);
        }
        Arrays.fill(vector, dimension, vector.length, 0);
        int near = searcher.search(beam);
        float range = near == 0 ? 0 : searcher.estimate(Math.min(wanted, near - 1)) - searcher.estimate(0);
        int scored = 0;
        float squaredErrors = 0;
        for (int i = 0; i < near; i++) {
            if (scored == wanted && squaredErrors < wanted * TELLING * TELLING * range * range) {
                break;
            }
            int row = searcher.row(i);
            Segment segment = segments[rows.segment(row)];
            int ordinal = rows.ordinal(row);
            if (scan.mayFind(segment, ordinal, snapshot)) {
                float error = scan.offerExactly(segment, ordinal) - searcher.estimate(i);
                squaredErrors += error * error;
                scored++;
            }
        }
        return scored;
    }

    /** Rows to score exactly, for k results out of a beam. */
    @HotPath
    static int wanted(int k, int beam) {
        return Math.max(2 * k, beam / BEAM_DIVISOR);
    }

    @Override
    public void close() {
        searcher.close();
    }
}
