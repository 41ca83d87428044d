package io.grape.vectors;

import io.grape.vectors.graph.GraphSweep;
import io.grape.vectors.graph.Linker;
import io.grape.vectors.graph.VectorGraph;
import io.grape.vectors.segment.ReaderPins;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Links the rows of a store into its graph, in the order in which they were appended, and takes dead ones out.
 *
 * <p>{@link #buildWork} is called again and again by one thread, which may be any but the one that writes, because
 * linking a row takes a fraction of a millisecond. Searches cover what is linked by the graph and the rest by a scan, so
 * they are right whether the indexer keeps up or not. Rows that are dead when their turn comes are passed over; rows that
 * die later are way-points until a sweep takes them out. {@link #newHelper} gives further threads a part of the linking;
 * then the edges depend on the order in which they get to it.
 */
public final class GraphIndexer implements AutoCloseable {
    private final PointStore store;
    private final VectorGraph graph;
    private final ReaderPins.Pin pin;
    private final Linker linker;
    private final @Nullable GraphSweep sweep;

    /** Opens a graph while its store cannot be closed, and makes what fills it. */
    static GraphIndexer open(PointStore store, Supplier<VectorGraph> opening) {
        ReaderPins.Pin pin = store.pins().newPin();
        try {
            store.enter(pin);
            try {
                return new GraphIndexer(store, opening.get(), true);
            } finally {
                pin.leave();
            }
        } finally {
            pin.close();
        }
    }

    private GraphIndexer(PointStore store, VectorGraph graph, boolean sweeps) {
        this.store = store;
        this.graph = graph;
        this.pin = store.pins().newPin();
        this.linker = graph.newLinker();
        this.sweep = sweeps ? graph.newSweep(linker) : null;
    }

    /** An indexer for one more thread, which only links. Close it before this one. */
    public GraphIndexer newHelper() {
        return new GraphIndexer(store, graph, false);
    }

    /**
     * Links up to {@code limit} rows, and looks at up to {@code limit} nodes where a sweep is due.
     *
     * @return rows linked or passed over, and nodes looked at; 0 when there is nothing to do
     * @throws io.grape.vectors.model.VectorsException BUDGET_EXCEEDED, DISK_FULL: the graph stays as it is, and searches
     *     scan what it lacks; STORE_CLOSED
     */
    public int buildWork(int limit) {
        store.enter(pin);
        try {
            int done = 0;
            while (done < limit && linker.linkNext()) {
                done++;
            }
            return sweep == null ? done : done + sweep.work(limit, store.size());
        } finally {
            pin.leave();
        }
    }

    /**
     * Makes the graph durable as it is now, for a node whose store is not checkpointed by {@link PointStore#checkpoint}. The
     * store may be opened at an earlier state later: rows that had died in between are found again only by an exact
     * search, until the log has been replayed to here and they are dead again. The thread that builds.
     *
     * @throws io.grape.vectors.model.VectorsException IO_FAILED, STORE_CLOSED
     */
    public void checkpoint() {
        store.enter(pin);
        try {
            graph.checkpoint();
        } finally {
            pin.leave();
        }
    }

    /** Rows that are appended but not linked yet. Any thread; not a snapshot. */
    public long backlog() {
        return Math.max(0, store.rows().rowCount() - graph.indexedAcquire());
    }

    /** Rows that searches find through the graph, dead ones included. Any thread; not a snapshot. */
    public long indexed() {
        return graph.indexedAcquire();
    }

    /** Nodes of the graph. Any thread; not a snapshot. */
    public long nodes() {
        return graph.nodeCount();
    }

    /** Gives up the place among the readers; the graph stays and is searched. */
    @Override
    public void close() {
        pin.close();
        linker.close();
    }
}
