package io.grape.vectors.collection;

import io.grape.vectors.GraphIndexer;
import io.grape.vectors.PointReader;
import io.grape.vectors.PointStore;
import io.grape.vectors.PointStoreConfig;
import io.grape.vectors.Searcher;
import io.grape.vectors.graph.VectorGraph;
import io.grape.vectors.kernel.DistanceKernel;
import io.grape.vectors.model.HotPath;
import io.grape.vectors.model.Metric;
import io.grape.vectors.model.Reason;
import io.grape.vectors.model.VectorsException;
import io.grape.vectors.segment.StoreManifest;
import org.agrona.DirectBuffer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Points with search: a {@link PointStore}, and over it a graph that a builder links in the background.
 *
 * <h2>What a search sees</h2>
 *
 * A point is found as soon as {@link #add} has returned, and no more as soon as {@link #remove} has: rows that are linked
 * are found through the graph, the tail of those that are not by comparing each. Only which of the linked rows an
 * approximate search finds is a matter of chance and beam; every score is exact, and no point comes twice.
 *
 * <h2>Threads</h2>
 *
 * {@link #add}, {@link #remove}, {@link #checkpoint} and {@link #close} belong to the writer; {@link #buildWork} and {@link
 * #checkpointIndex} to the builder; searchers and readers each to a thread. The rest is for any.
 */
public final class VectorCollection implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(VectorCollection.class);

    private final PointStore store;
    private final IndexConfig config;
    private final boolean mayHaveGraph;
    private final long maxTailRows;
    private volatile @Nullable GraphIndexer indexer;
    private volatile IndexState state;
    private volatile boolean checkpointWanted;
    private long checkpointedRows;
    private boolean saidFull;

    private VectorCollection(PointStore store, IndexConfig config) {
        this.store = store;
        this.config = config;
        this.mayHaveGraph = config.enabled() && store.shape().metric() != Metric.DOT;
        this.maxTailRows =
                config.maxTailBytes() / DistanceKernel.strideBytes(store.shape().dimension());
        this.state = mayHaveGraph ? IndexState.SMALL : IndexState.OFF;
    }

    /**
     * Opens the collection of a directory at its last checkpoint, or creates an empty one.
     *
     * @throws VectorsException as {@link PointStore#open(PointStoreConfig)}
     */
    public static VectorCollection open(PointStoreConfig points, IndexConfig index) {
        return of(PointStore.open(points), index);
    }

    /**
     * Opens the collection of a directory at an image that was forced; see {@link PointStore#open(PointStoreConfig,
     * StoreManifest)}. The graph is as far as its own last checkpoint, and never further than the image.
     */
    public static VectorCollection open(PointStoreConfig points, IndexConfig index, StoreManifest image) {
        return of(PointStore.open(points, image), index);
    }

    /** The collection of points that are open already, and are closed with it. */
    public static VectorCollection of(PointStore points, IndexConfig index) {
        return new VectorCollection(points, index).withKeptGraph();
    }

    /** Searches need not wait for the builder where there is a graph already. */
    private VectorCollection withKeptGraph() {
        try {
            if (mayHaveGraph && VectorGraph.exists(store.directory())) {
                beginGraph();
            }
            return this;
        } catch (RuntimeException e) {
            store.close();
            throw e;
        }
    }

    private GraphIndexer beginGraph() {
        GraphIndexer opened = store.newIndexer(config.graph());
        checkpointedRows = opened.indexed();
        indexer = opened;
        state = IndexState.BUILDING;
        return opened;
    }

    /** Adds a point, or replaces the one with this id; see {@link PointStore#upsert}. Writer only. */
    @HotPath
    public void add(
            long idMost,
            long idLeast,
            long version,
            DirectBuffer vector,
            int offset,
            DirectBuffer payload,
            int payloadOffset,
            int payloadLength) {
        store.upsert(idMost, idLeast, version, vector, offset, payload, payloadOffset, payloadLength);
    }

    /**
     * Removes a point; see {@link PointStore#delete}. Writer only.
     *
     * @return whether there was one
     */
    @HotPath
    public boolean remove(long idMost, long idLeast, long version) {
        return store.delete(idMost, idLeast, version);
    }

    /** Whether so many more points would stay within the budget, graph included; see {@link PointStore#admits}. */
    @HotPath
    public boolean admits(long points, long payloadBytes) {
        return store.admits(points, payloadBytes);
    }

    /** Rows that wait to be linked, and are scanned by every search meanwhile; 0 where there is no graph to be. */
    @HotPath
    public long tailRows() {
        if (state != IndexState.BUILDING) {
            return 0;
        }
        GraphIndexer linking = indexer;
        return linking == null ? 0 : linking.backlog();
    }

    /** Whether the writer should wait until the builder has caught up. */
    @HotPath
    public boolean isTailFull() {
        return tailRows() > maxTailRows;
    }

    /** Whether the builder should let nothing hold it up. */
    boolean isTailHalfFull() {
        return tailRows() > maxTailRows / 2;
    }

    /** A search for one thread, to be used again and again; close it when done. */
    public Searcher newSearcher() {
        return store.newSearcher();
    }

    /** A look-up for one thread, to be used again and again; close it when done. */
    public PointReader newReader() {
        return store.newReader();
    }

    /** The points alone. */
    public PointStore points() {
        return store;
    }

    /** Numbers for operators; not a snapshot. */
    public CollectionStats stats() {
        GraphIndexer linking = indexer;
        return new CollectionStats(
                store.stats(),
                state,
                linking == null ? 0 : linking.indexed(),
                tailRows(),
                linking == null ? 0 : linking.nodes());
    }

    /** Makes points and graph durable; see {@link PointStore#checkpoint}. Writer only. */
    public void checkpoint(long position) {
        store.checkpoint(position);
    }

    /**
     * Asks the builder to make the graph durable as it is by then, for an owner that checkpoints the points by their {@link
     * PointStore#image}. The two need not match: what the graph lacks is linked again, what it has too much of is cut off.
     */
    public void requestIndexCheckpoint() {
        checkpointWanted = true;
    }

    /** Makes the graph durable if any row was linked since the last time. Builder only. */
    public void checkpointIndex() {
        checkpointWanted = false;
        GraphIndexer linking = indexer;
        if (linking != null && linking.indexed() != checkpointedRows) {
            long rows = linking.indexed();
            linking.checkpoint();
            checkpointedRows = rows;
        }
    }

    /**
     * Links up to {@code limit} rows, or does as much of what else is due. Builder only.
     *
     * @return work done; 0 when there is nothing to do, as while the graph has no room to grow
     * @throws VectorsException STORE_CLOSED: forget it; IO_FAILED
     */
    public int buildWork(int limit) {
        if (checkpointWanted) {
            checkpointIndex();
        }
        if (!mayHaveGraph) {
            return 0;
        }
        try {
            GraphIndexer linking = indexer;
            if (linking == null) {
                if (store.rowCount() < config.minRows()) {
                    return 0;
                }
                linking = beginGraph();
            }
            int done = linking.buildWork(limit);
            if (done > 0 && state == IndexState.NO_ROOM) {
                state = IndexState.BUILDING;
            }
            sayIfTailIsFull();
            return done;
        } catch (VectorsException e) {
            if (e.reason() != Reason.BUDGET_EXCEEDED && e.reason() != Reason.DISK_FULL) {
                throw e;
            }
            if (state != IndexState.NO_ROOM) {
                LOGGER.warn("the graph does not grow directory={} text=\"{}\"", store.directory(), e.getMessage());
                state = IndexState.NO_ROOM;
            }
            return 0;
        }
    }

    /** Once when it fills, and again only after it was half empty. */
    private void sayIfTailIsFull() {
        if (!saidFull && isTailFull()) {
            saidFull = true;
            LOGGER.warn("writes wait for the graph directory={} tail={} rows", store.directory(), tailRows());
        } else if (saidFull && !isTailHalfFull()) {
            saidFull = false;
            LOGGER.info("the graph has caught up directory={} tail={} rows", store.directory(), tailRows());
        }
    }

    /** Gives up what linking needs; the graph stays and is searched, and grows no more. Builder only, at its end. */
    void endBuilding() {
        GraphIndexer linking = indexer;
        if (linking != null) {
            linking.close();
        }
    }

    /** Whether a search or look-up runs right now; a hint. */
    public boolean isRead() {
        return store.isRead();
    }

    /** Unmaps the files once every search and the builder's turn have ended. Writer only; does not force. */
    @Override
    public void close() {
        store.close();
    }
}
