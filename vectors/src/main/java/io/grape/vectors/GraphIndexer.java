package io.grape.vectors;

import io.grape.vectors.graph.VectorGraph;
import io.grape.vectors.model.Metric;
import io.grape.vectors.segment.ReaderPins;
import io.grape.vectors.segment.Segment;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * Links the rows of a store into its graph, in the order in which they were appended.
 *
 * <p>A store has at most one; {@link #buildWork} is called again and again by one thread, which may be any but the one
 * that writes, because linking a row takes a fraction of a millisecond. Searches cover what is linked by the graph and
 * the rest by a scan, so they are right whether the indexer keeps up or not. Rows that are dead when their turn comes
 * are passed over; rows that die later stay in the graph as way-points until compaction.
 */
public final class GraphIndexer implements AutoCloseable {
    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final PointStore store;
    private final VectorGraph graph;
    private final ReaderPins.Pin pin;
    private final boolean scaled;

    GraphIndexer(PointStore store, VectorGraph graph) {
        this.store = store;
        this.graph = graph;
        this.pin = store.pins().newPin();
        this.scaled = store.shape().metric() == Metric.COSINE;
    }

    /**
     * Links up to {@code limit} rows.
     *
     * @return rows that were linked or passed over; 0 when the graph has caught up
     * @throws io.grape.vectors.model.VectorsException BUDGET_EXCEEDED, DISK_FULL: the graph stays as it is, and searches
     *     scan what it lacks; STORE_CLOSED
     */
    public int buildWork(int limit) {
        int done = 0;
        store.enter(pin);
        try {
            Segment[] segments = store.rows().segmentsAcquire();
            int capacity = store.segmentRows();
            while (done < limit) {
                int row = graph.indexedAcquire();
                int index = row / capacity;
                int ordinal = row % capacity;
                if (index >= segments.length || ordinal >= segments[index].rowsAcquire()) {
                    break;
                }
                if (segments[index].deletedAtAcquire(ordinal) != 0) {
                    graph.skip();
                } else {
                    copyVector(segments[index], ordinal, graph.vector());
                    graph.insert();
                }
                done++;
            }
        } finally {
            pin.leave();
        }
        return done;
    }

    private void copyVector(Segment segment, int ordinal, float[] vector) {
        MemorySegment memory = segment.memory();
        long at = segment.vectorOffset(ordinal);
        float scale = scaled ? segment.inverseNorm(ordinal) : 1;
        for (int i = 0; i < store.shape().dimension(); i++) {
            vector[i] = memory.get(FLOAT, at + ((long) i << 2)) * scale;
        }
    }

    /** Rows that are appended but not linked yet. Any thread; not a snapshot. */
    public long backlog() {
        return Math.max(0, store.rows().rowCount() - graph.indexedAcquire());
    }

    /** Gives up the place among the readers; the graph stays and is searched. */
    @Override
    public void close() {
        pin.close();
    }
}
