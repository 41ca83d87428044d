package io.grape.vectors;

import io.grape.vectors.graph.GraphConfig;
import io.grape.vectors.graph.VectorGraph;
import io.grape.vectors.id.IdMap;
import io.grape.vectors.id.IdMapOpener;
import io.grape.vectors.id.PointKey;
import io.grape.vectors.id.RowEntry;
import io.grape.vectors.kernel.DistanceKernel;
import io.grape.vectors.kernel.Kernels;
import io.grape.vectors.model.HotPath;
import io.grape.vectors.model.Metric;
import io.grape.vectors.model.Reason;
import io.grape.vectors.model.VectorCheck;
import io.grape.vectors.model.VectorShape;
import io.grape.vectors.model.VectorsException;
import io.grape.vectors.segment.DiskBudget;
import io.grape.vectors.segment.ReaderPins;
import io.grape.vectors.segment.RowTable;
import io.grape.vectors.segment.Segment;
import io.grape.vectors.segment.StoreImage;
import io.grape.vectors.segment.StoreManifest;
import java.nio.file.Path;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.agrona.DirectBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The points of one (collection, group): vectors, payloads and versions in mapped files, with exact search.
 *
 * <h2>Threads</h2>
 *
 * {@link #upsert}, {@link #delete}, {@link #checkpoint} and {@link #close} belong to one thread, the writer. Everything
 * else is for any thread. Readers never block the writer nor each other, and a search sees the store as it was at one
 * moment: each point at most once, and exactly once if it lived throughout.
 *
 * <h2>Durability</h2>
 *
 * The store is the state of a log. {@link #checkpoint} makes everything applied so far durable together with the
 * caller's log position; opening the store again brings back exactly the last checkpoint, also after a crash, and
 * {@link #checkpointPosition} says where to replay from. Operations after the last checkpoint are forgotten by design:
 * applying them again would otherwise apply them twice.
 *
 * <h2>Space</h2>
 *
 * A replaced or deleted row keeps its place until compaction, which does not exist yet: {@link PointStoreStats} tells
 * how many there are. The seam is {@link Segment} + {@link ReaderPins}: a compactor copies the live rows of a segment
 * into a new one with their {@code createdAt}, swaps the segment array and retires the old file behind its readers.
 */
public final class PointStore implements AutoCloseable {
    /** Longest payload of a point. */
    public static final int MAX_PAYLOAD_BYTES = 1 << 16;

    private static final long CLOSE_POLL_NS = 50_000;

    private final PointStoreConfig config;
    private final VectorShape shape;
    private final DirectoryLock lock;
    private final DiskBudget budget;
    private final ReaderPins pins = new ReaderPins();
    private final RowTable rows;
    private final StoreRows rowVectors;
    private final IdMapOpener idMapOpener;
    private final IdMapLoading ids;
    private final PointKey key = new PointKey();
    private final RowEntry entry = new RowEntry();

    private volatile @Nullable VectorGraph graph;
    private volatile long live;
    private volatile long stateHash;
    private volatile boolean closed;
    private long sequence;
    private long checkpointPosition;

    private PointStore(PointStoreConfig config, DirectoryLock lock, DiskBudget budget, RowTable rows, Opening opening) {
        StoreManifest at = opening.at();
        this.config = config;
        this.shape = config.shape();
        this.lock = lock;
        this.budget = budget;
        this.rows = rows;
        this.rowVectors = new StoreRows(rows, config);
        this.live = at.live();
        this.stateHash = at.stateHash();
        this.sequence = at.sequence();
        this.checkpointPosition = at.position();
        this.idMapOpener =
                new IdMapOpener(config.directory(), budget, pins, new RowNumbers(rows, config.segmentRows()));
        this.ids = new IdMapLoading(
                () -> idMapOpener.open(at.sequence(), at.live(), config.initialIdEntries()), opening.idMapMaker());
    }

    private record Opening(StoreManifest at, @Nullable Executor idMapMaker) {}

    /**
     * Opens the store of a directory at its last checkpoint, or creates an empty one.
     *
     * @throws VectorsException CORRUPT_FILE, UNSUPPORTED_VERSION, SHAPE_MISMATCH, STORE_LOCKED, BUDGET_EXCEEDED,
     *     DISK_FULL, IO_FAILED
     */
    public static PointStore open(PointStoreConfig config) {
        return open(config, () -> new Opening(StoreManifest.readOrCreate(config.directory(), sizes(config)), null));
    }

    /**
     * Opens the store of a directory as it was at an {@link #image} that was forced, whatever happened to it since. The
     * manifest that {@link #checkpoint} keeps has no say. Searches work at once; the id map is opened or rebuilt when the
     * executor gets to it: until it is there a look-up scans the ids, and the first upsert or delete makes it or waits.
     *
     * @throws VectorsException as {@link #open(PointStoreConfig)}; what is wrong with the id map comes with the first write
     */
    public static PointStore open(PointStoreConfig config, StoreManifest image, Executor background) {
        return open(config, () -> new Opening(image, background));
    }

    private static PointStore open(PointStoreConfig config, Supplier<Opening> opening) {
        DirectoryLock lock = DirectoryLock.acquire(config.directory());
        RowTable rows = null;
        try {
            DiskBudget budget = new DiskBudget(config.budgetBytes(), config.diskSpace());
            rows = new RowTable(config.directory(), config.layout(), config.payloadExtentBytes(), budget);
            Opening how = opening.get();
            rows.open(how.at());
            return new PointStore(config, lock, budget, rows, how);
        } catch (RuntimeException e) {
            if (rows != null) {
                rows.close();
            }
            lock.close();
            throw e;
        }
    }

    private static StoreManifest.Sizes sizes(PointStoreConfig config) {
        return new StoreManifest.Sizes(0, config.segmentRows(), config.payloadExtentBytes());
    }

    /**
     * Adds a point, or replaces the one with this id. Writer only; allocates nothing in steady state. A search that
     * starts after the call returns sees it; one that is running sees either the old point or the new one.
     *
     * @param vectors holds {@code dimension} little-endian float32 values from {@code offset}
     * @throws VectorsException INVALID_VECTOR, PAYLOAD_TOO_LARGE, BUDGET_EXCEEDED, DISK_FULL, STORE_CLOSED; nothing
     *     has changed then
     */
    @HotPath
    public void upsert(
            long idMost,
            long idLeast,
            long version,
            DirectBuffer vectors,
            int offset,
            DirectBuffer payload,
            int payloadOffset,
            int payloadLength) {
        requireOpen();
        float inverseNorm = inverseNorm(vectors, offset);
        requirePayload(payloadLength);
        IdMap idMap = ids.map();
        housekeeping(idMap);
        Segment segment = rows.openSegment();
        long payloadRef = rows.appendPayload(payload, payloadOffset, payloadLength);

        long now = sequence + 1;
        int row = segment.rowsAcquire();
        segment.writePoint(row, idMost, idLeast, version, now);
        segment.writePayloadRef(row, payloadRef, payloadLength);
        segment.writeVector(row, vectors, offset, inverseNorm);

        key.set(idMost, idLeast);
        boolean replaces = idMap.get(key, entry);
        int oldSegment = entry.segment();
        int oldRow = entry.ordinal();
        idMap.put(key, entry.set(segment.index(), row, version));
        long hash = stateHash + RowHash.of(segment, row);
        if (replaces) {
            hash -= end(oldSegment, oldRow, now);
        } else {
            live = size() + 1;
        }
        stateHash = hash;
        segment.rowsRelease(row + 1);
        sequence = now;
        rows.publish(now);
    }

    /**
     * Removes a point. Writer only; allocates nothing in steady state.
     *
     * @param version of the removal; not kept, as a removed point leaves nothing to compare it with
     * @return whether there was such a point
     */
    @HotPath
    public boolean delete(long idMost, long idLeast, long version) {
        requireOpen();
        IdMap idMap = ids.map();
        housekeeping(idMap);
        key.set(idMost, idLeast);
        if (!idMap.get(key, entry)) {
            return false;
        }
        long now = sequence + 1;
        idMap.remove(key);
        long hash = stateHash;
        hash -= end(entry.segment(), entry.ordinal(), now);
        stateHash = hash;
        live = size() - 1;
        sequence = now;
        rows.publish(now);
        return true;
    }

    @HotPath
    private long end(int segmentIndex, int row, long now) {
        Segment segment = rows.segmentsAcquire()[segmentIndex];
        segment.deletedAtRelease(row, now);
        return RowHash.of(segment, row);
    }

    @HotPath
    private void housekeeping(IdMap idMap) {
        idMap.advance(live);
        if (pins.hasRetired()) {
            pins.reclaim();
        }
    }

    private float inverseNorm(DirectBuffer vectors, int offset) {
        double squaredNorm = VectorCheck.squaredNorm(vectors, offset, shape.dimension());
        VectorCheck.Verdict verdict = VectorCheck.verdict(squaredNorm, shape.metric());
        if (verdict != VectorCheck.Verdict.OK) {
            throw new VectorsException(Reason.INVALID_VECTOR, "the vector is not usable: " + verdict);
        }
        return shape.metric() == Metric.COSINE ? (float) (1.0 / Math.sqrt(squaredNorm)) : 0;
    }

    private static void requirePayload(int length) {
        if (length < 0 || length > MAX_PAYLOAD_BYTES) {
            throw new VectorsException(
                    Reason.PAYLOAD_TOO_LARGE, "payload of " + length + " bytes; the limit is " + MAX_PAYLOAD_BYTES);
        }
    }

    private void requireOpen() {
        if (closed) {
            throw new VectorsException(Reason.STORE_CLOSED, "store " + config.directory() + " is closed");
        }
    }

    /**
     * Whether {@code points} more points with {@code payloadBytes} of payload in all would stay within the budget, so
     * that a leader can refuse a batch before it is logged. Any thread.
     */
    public boolean admits(long points, long payloadBytes) {
        VectorGraph linked = graph;
        long graphBytes = linked == null ? 0 : linked.newFileBytes(rows.rowCount() + points);
        return budget.fits(rows.newFileBytes(points, payloadBytes) + graphBytes);
    }

    /** Whether a search or look-up runs right now. Any thread; a hint. */
    public boolean isRead() {
        return pins.anyEntered();
    }

    /** Bytes of the files that so many more points would need, beyond those that there are. Any thread. */
    @HotPath
    public long newFileBytes(long points, long payloadBytes) {
        return rows.newFileBytes(points, payloadBytes);
    }

    /** Bytes of all files, id map included. Any thread. */
    @HotPath
    public long fileBytes() {
        return budget.reservedBytes();
    }

    /** A new searcher, for one thread. Close it when done. */
    public Searcher newSearcher() {
        return new Searcher(this, Kernels.forSearcher());
    }

    /** A searcher on a given kernel, for tests and measurements. */
    Searcher newSearcher(DistanceKernel kernel) {
        return new Searcher(this, kernel);
    }

    /** A new point reader, for one thread. Close it when done. */
    public PointReader newReader() {
        return new PointReader(this);
    }

    /**
     * Gives the store a graph and returns what fills it. At most once; off by default. The graph is derived state in
     * files of its own, counted against the budget and kept by checkpoints; what was linked at the last one is there
     * again at once, what is damaged is built anew. Any thread, one at a time.
     *
     * @throws VectorsException INVALID_CONFIG under {@link Metric#DOT}, which is no metric a graph could follow
     */
    public GraphIndexer newIndexer(GraphConfig graphConfig) {
        requireOpen();
        if (shape.metric() == Metric.DOT) {
            throw new VectorsException(Reason.INVALID_CONFIG, "inner products are searched exactly; no graph for them");
        }
        if (graph != null || graphConfig.dimension() != shape.dimension()) {
            throw new IllegalStateException("one graph a store, of the store's dimension");
        }
        return GraphIndexer.open(this, () -> {
            VectorGraph made = VectorGraph.open(config.directory(), graphConfig, rowVectors, budget);
            graph = made;
            return made;
        });
    }

    /** Where its files lie. */
    public Path directory() {
        return config.directory();
    }

    /** Dimension and metric. */
    public VectorShape shape() {
        return shape;
    }

    /** Rows appended, dead ones included. Any thread. */
    public long rowCount() {
        return rows.rowCount();
    }

    /** Live points. Any thread. */
    public long size() {
        return live;
    }

    /**
     * Order-free 64-bit hash of the live (id, version, vector) triples: equal on replicas that hold the same points.
     * Payloads are not part of it. Any thread; between operations of the writer.
     */
    public long stateHash() {
        return stateHash;
    }

    /** Numbers for operators. Any thread; not a snapshot. */
    public PointStoreStats stats() {
        long livePoints = live;
        return new PointStoreStats(
                livePoints,
                Math.max(0, rows.rowCount() - livePoints),
                rows.segmentsAcquire().length,
                rows.extentCount(),
                budget.reservedBytes(),
                budget.limitBytes(),
                ids.entries(),
                rows.publishedAcquire());
    }

    /**
     * Makes everything applied so far durable, and remembers {@code position} with it. Writer only; takes as long as the
     * device needs.
     */
    public void checkpoint(long position) {
        requireOpen();
        rows.force();
        image(position).write(config.directory());
        checkpointPosition = position;
        VectorGraph linked = graph;
        if (linked != null) {
            linked.checkpoint();
        }
    }

    /**
     * Returns what an opening needs to bring back this moment. Nothing is forced: once {@link StoreImage#force} has returned,
     * {@link #open(PointStoreConfig, StoreManifest, Executor)} may be given it, for as long as the files exist. Writer only; fast.
     *
     * @param position the caller's log position
     */
    public StoreManifest image(long position) {
        requireOpen();
        StoreManifest.Sizes sizes = new StoreManifest.Sizes(
                rows.segmentsAcquire().length, config.segmentRows(), config.payloadExtentBytes());
        return new StoreManifest(position, sequence, live, stateHash, rows.rowCount(), sizes, rows.extentUsed());
    }

    /** Log position of the last checkpoint; 0 for a new store. Writer only. */
    public long checkpointPosition() {
        return checkpointPosition;
    }

    /** Unmaps the files once every running search has ended; later searches are refused. Writer only; does not force. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        pins.retire(this::closeFiles);
        while (pins.hasRetired()) {
            if (pins.reclaim() == 0) {
                LockSupport.parkNanos(CLOSE_POLL_NS);
            }
        }
    }

    private void closeFiles() {
        // The voucher names the sequence: an opening at any other rebuilds the map.
        ids.close(idMap -> idMapOpener.vouch(idMap, sequence));
        if (graph != null) {
            graph.close();
        }
        rows.close();
        lock.close();
    }

    ReaderPins pins() {
        return pins;
    }

    @Nullable
    VectorGraph graph() {
        return graph;
    }

    RowTable rows() {
        return rows;
    }

    @HotPath
    StoreRows rowVectors() {
        return rowVectors;
    }

    @Nullable
    IdMap idMapIfReady() {
        return ids.ifReady();
    }

    /** Enters the pin of a reader, or refuses because the store is closed. */
    @HotPath
    void enter(ReaderPins.Pin pin) {
        pin.enter();
        if (closed) {
            pin.leave();
            requireOpen();
        }
    }
}
