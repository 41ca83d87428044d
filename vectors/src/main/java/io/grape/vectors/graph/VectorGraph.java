package io.grape.vectors.graph;

import static java.util.Objects.requireNonNull;

import io.grape.vectors.model.HotPath;
import io.grape.vectors.model.Reason;
import io.grape.vectors.model.VectorsException;
import io.grape.vectors.segment.DiskBudget;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A graph over the rows 0, 1, 2... of a store, as far as they were linked.
 *
 * <p>Distances are squared Euclidean; a cosine store scales its vectors to length 1. Threads: each {@link Linker} and
 * the one {@link GraphSweep} belong to a thread; searches by pinned readers meanwhile, each with a {@link
 * GraphSearcher}. The graph is derived state: {@link #checkpoint} makes it durable, and what is damaged or was built
 * otherwise is built again.
 */
public final class VectorGraph implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(VectorGraph.class);

    private final Path directory;
    private final GraphConfig config;
    private final RowVectors rows;
    private final NodeFiles nodes;
    private final NodeLocks locks = new NodeLocks();
    private final Rotation rotation;
    private final EntryPoints entries = new EntryPoints();
    private final List<Linker> linkers = new ArrayList<>();
    private final Object checkpointing = new Object();
    private float[] centre = {};
    private volatile @Nullable QuerySpace space;
    private volatile int claimed;
    private volatile int indexed;
    private volatile boolean counted = true;
    private long linked;
    private long retired;

    private VectorGraph(Path directory, GraphConfig config, RowVectors rows, DiskBudget budget) {
        this.directory = directory;
        this.config = config;
        this.rows = rows;
        NodeLayout layout = new NodeLayout(config.dimension(), config.nodesPerFile());
        this.nodes = new NodeFiles(directory, layout, config.seed(), budget);
        this.rotation = new Rotation(layout.paddedDimension(), config.seed());
    }

    /**
     * Opens the graph of a directory at its last checkpoint, or begins an empty one, also where the one there is damaged
     * or belongs to other rows; a warning says why.
     *
     * @throws VectorsException IO_FAILED
     */
    public static VectorGraph open(Path directory, GraphConfig config, RowVectors rows, DiskBudget budget) {
        if (GraphManifest.exists(directory)) {
            VectorGraph graph = new VectorGraph(directory, config, rows, budget);
            try {
                graph.restore(GraphManifest.read(directory, config));
                return graph;
            } catch (VectorsException e) {
                graph.close();
                if (e.reason() == Reason.IO_FAILED) {
                    throw e;
                }
                graph.nodes.releaseAll();
                LOGGER.warn("graph of {} is built again: {}", directory, e.getMessage());
            }
        }
        discard(directory);
        return new VectorGraph(directory, config, rows, budget);
    }

    /** Whether a directory holds the checkpoint of a graph. */
    public static boolean exists(Path directory) {
        return GraphManifest.exists(directory);
    }

    private void restore(GraphManifest kept) {
        // The store may be at an earlier state; what it has of these rows must be the same.
        int upTo = (int) Math.min(kept.indexed(), rows.rowCount());
        if (upTo < config.firstRows()
                || rows.fingerprint(0) != kept.fingerprints().first()
                || (upTo == kept.indexed()
                        && rows.fingerprint(upTo - 1) != kept.fingerprints().last())) {
            throw new VectorsException(Reason.SHAPE_MISMATCH, "the graph belongs to other rows than the store has");
        }
        nodes.open(upTo);
        entries.restore(kept.entries(), upTo, kept.offered());
        if (entries.count() == 0) {
            throw new VectorsException(Reason.CORRUPT_FILE, "the graph has no node to start from");
        }
        makeSpace(kept.centre());
        counted = false;
        claimed = upTo;
        indexed = upTo;
    }

    private static void discard(Path directory) {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "graph{-*,.manifest}")) {
            for (Path file : files) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new VectorsException(Reason.IO_FAILED, "cannot clean " + directory, e);
        }
    }

    /** How it is built. */
    public GraphConfig config() {
        return config;
    }

    /** Bytes of new files that linking rows below {@code rowCount} would need. Any thread. */
    public long newFileBytes(long rowCount) {
        return nodes.newFileBytes(rowCount);
    }

    /** Rows below this are in the graph, or were dead when their turn came. */
    @HotPath
    public int indexedAcquire() {
        return indexed;
    }

    /** Nodes that were linked and not taken out again. Any thread; not a snapshot. */
    public synchronized long nodeCount() {
        return linked - retired;
    }

    /** Adds nodes that an opened graph turned out to have. */
    synchronized void addLinked(long count) {
        linked += count;
    }

    synchronized void addRetired(long count) {
        retired += count;
    }

    /** A linker, for one thread. */
    public synchronized Linker newLinker() {
        Linker linker = new Linker(this, nodes, locks, rows);
        linkers.add(linker);
        return linker;
    }

    /** What keeps the graph in shape; one at a time, for the thread of a linker. */
    public GraphSweep newSweep(Linker linker) {
        return new GraphSweep(this, linker, nodes, rows);
    }

    synchronized void leave(Linker linker) {
        linkers.remove(linker);
    }

    /** The next row to link, or -1: none is there, or the lists of an opened graph are not counted yet. */
    synchronized int claim(Linker linker) {
        int node = claimed;
        if (!counted || node >= rows.rowCount() || node == Integer.MAX_VALUE) {
            return -1;
        }
        if (space == null) {
            if (rows.rowCount() < config.firstRows()) {
                return -1;
            }
            makeSpace(meanOfFirstRows());
        }
        nodes.prepare(node);
        linker.current = node;
        claimed = node + 1;
        return node;
    }

    /** Ends what {@link #claim} began. */
    synchronized void complete(Linker linker, boolean isLinked) {
        if (isLinked) {
            linked++;
            entries.offer(linker.current);
        }
        linker.current = Linker.IDLE;
        int done = claimed;
        for (int i = 0; i < linkers.size(); i++) {
            done = Math.min(done, linkers.get(i).current);
        }
        indexed = done;
    }

    private float[] meanOfFirstRows() {
        double[] sums = new double[config.dimension()];
        for (int row = 0; row < config.firstRows(); row++) {
            MemorySegment memory = rows.memory(row);
            for (int i = 0; i < sums.length; i++) {
                sums[i] += (double) memory.get(NodeFiles.FLOAT, rows.offset(row) + 4L * i) * rows.scale(row);
            }
        }
        float[] mean = new float[sums.length];
        for (int i = 0; i < sums.length; i++) {
            mean[i] = (float) (sums[i] / config.firstRows());
        }
        return mean;
    }

    private void makeSpace(float[] mean) {
        float[] padded = new float[nodes.layout().paddedDimension()];
        System.arraycopy(mean, 0, padded, 0, mean.length);
        centre = mean;
        space = new QuerySpace(rotation, padded);
    }

    /** Makes the graph durable as it is now. Any thread that is pinned or the writer; searches and linkers go on. */
    public void checkpoint() {
        synchronized (checkpointing) {
            GraphManifest manifest = manifest();
            if (manifest != null) {
                nodes.force();
                manifest.write(directory);
            }
        }
    }

    private synchronized @Nullable GraphManifest manifest() {
        int upTo = indexed;
        if (upTo < config.firstRows() || !counted) {
            return null;
        }
        int[] starts = new int[entries.count()];
        for (int i = 0; i < starts.length; i++) {
            // With several linkers an entry may be newer than the prefix that is complete; an opening drops it.
            starts[i] = entries.node(i);
        }
        return new GraphManifest(
                config,
                upTo,
                entries.offered(),
                new GraphManifest.Fingerprints(rows.fingerprint(0), rows.fingerprint(upTo - 1)),
                centre,
                starts);
    }

    boolean isCounted() {
        return counted;
    }

    void setCounted() {
        counted = true;
    }

    @HotPath
    int claimed() {
        return claimed;
    }

    EntryPoints entries() {
        return entries;
    }

    NodeFiles nodes() {
        return nodes;
    }

    /** There is one as soon as a row is linked. */
    @HotPath
    QuerySpace space() {
        return requireNonNull(space);
    }

    /** Unmaps everything. No reader and no linker may be at work. */
    @Override
    public void close() {
        nodes.close();
    }
}
