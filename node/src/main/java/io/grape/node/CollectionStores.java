package io.grape.node;

import io.grape.codecs.FaultException;
import io.grape.codecs.GrapeException;
import io.grape.codecs.sbe.ErrorCode;
import io.grape.node.checkpoint.StoreOpener;
import io.grape.node.checkpoint.StoreSection;
import io.grape.node.config.IndexSettings;
import io.grape.node.state.CollectionStore;
import io.grape.node.state.MappedStore;
import io.grape.node.state.NodeBudget;
import io.grape.node.state.Shapes;
import io.grape.node.state.StoreFactory;
import io.grape.vectors.PointStoreConfig;
import io.grape.vectors.VectorsWarmup;
import io.grape.vectors.collection.IndexBuilder;
import io.grape.vectors.collection.VectorCollection;
import io.grape.vectors.model.VectorShape;
import io.grape.vectors.segment.StoreManifest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the stores of collections, a directory for each collection in each group.
 *
 * <p>What the first searches can do without is done one thing after the other by one thread in the background: the id maps of
 * the stores that exist are opened or rebuilt, the kernels are compiled, and if there are no stores, one is made and
 * removed, so that the first collection does not stall the apply agent.
 *
 * <p>Thread: {@link #start} before the node runs, {@link #ofGroup} before, what it returns the apply agent's, {@link #open} any.
 */
final class CollectionStores implements StoreOpener, AutoCloseable {
    private static final long GRACE_NS = TimeUnit.SECONDS.toNanos(1);
    private static final int MOST_CLOSE_SECONDS = 30;
    private static final Logger LOG = LoggerFactory.getLogger(CollectionStores.class);

    private final Path directory;
    private final long budgetBytes;
    private final NodeBudget nodeBudget;
    private final ThreadPoolExecutor background;
    private final IndexSettings index;
    private final IndexBuilder builder = new IndexBuilder();
    private final FutureTask<Void> warmUp;
    private volatile boolean recovered;
    private volatile boolean running;
    private volatile boolean closing;

    /**
     * @param budgetBytes off-heap bytes of one collection in one group
     * @param nodeBudget  of all of them
     * @param index       their graphs
     */
    CollectionStores(Path directory, long budgetBytes, NodeBudget nodeBudget, IndexSettings index) {
        this.directory = directory;
        this.budgetBytes = budgetBytes;
        this.nodeBudget = nodeBudget;
        this.index = index;
        this.background = new ThreadPoolExecutor(1, 1, 1, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), work -> {
            Thread thread = new Thread(work, "grape-background");
            thread.setDaemon(true);
            return thread;
        });
        // The thread ends with its work.
        background.allowCoreThreadTimeOut(true);
        this.warmUp = new FutureTask<>(this::warmUpStores, null);
    }

    /** Makes the place, before any store is opened. */
    void start() {
        try {
            Files.createDirectories(directory);
            VectorsWarmup.removeLeftovers(directory);
        } catch (IOException ex) {
            throw new FaultException(
                    FaultException.Severity.FAIL_NODE,
                    ErrorCode.IO_FAILURE,
                    "cannot make " + directory + ": " + ex,
                    ex);
        }
        VectorsWarmup.begin();
    }

    /**
     * Goes on in the background, once the stores of the checkpoint are open.
     *
     * @param last what is done when all else is
     */
    void started(Runnable last) {
        running = true;
        background.execute(unlessClosing(new VectorsWarmup(directory)::warmUpKernels));
        background.execute(unlessClosing(warmUp));
        background.execute(unlessClosing(last));
    }

    private Runnable unlessClosing(Runnable work) {
        return () -> {
            if (!closing) {
                work.run();
            }
        };
    }

    /** Leaves warming up out if it has not begun, and waits for the rest: the stores and their directory are about to go. */
    @Override
    public void close() {
        closing = true;
        background.shutdown();
        try {
            if (!background.awaitTermination(MOST_CLOSE_SECONDS, TimeUnit.SECONDS)) {
                LOG.warn(
                        "work in the background of the stores goes on after {} s directory={}",
                        MOST_CLOSE_SECONDS,
                        directory);
            }
        } catch (InterruptedException ex) {
            Thread.currentThread().interrupt();
        }
    }

    private void warmUpStores() {
        // A store that is open loads everything with its own id map.
        if (!recovered) {
            new VectorsWarmup(directory).run();
        }
    }

    /** A node that has data is asked for it at once: what is not needed for the first answers begins after them. */
    private static void giveWay() {
        LockSupport.parkNanos(GRACE_NS);
    }

    private void awaitWarmUp() {
        warmUp.run(); // nothing, if it runs or has run
        try {
            warmUp.get();
        } catch (InterruptedException ex) {
            Thread.currentThread().interrupt();
            throw new GrapeException(ErrorCode.NODE_STOPPING, "interrupted while the node was starting", ex);
        } catch (ExecutionException ex) {
            throw new FaultException(
                    FaultException.Severity.FAIL_NODE,
                    ErrorCode.IO_FAILURE,
                    "no store can be made in " + directory + ": " + ex.getCause(),
                    ex.getCause());
        }
    }

    /** Returns what makes the stores of one group. */
    StoreFactory ofGroup(int groupId) {
        Path home = directory.resolve(Integer.toString(groupId));
        try {
            Files.createDirectories(home);
        } catch (IOException ex) {
            throw new FaultException(
                    FaultException.Severity.FAIL_NODE, ErrorCode.IO_FAILURE, "cannot make " + home + ": " + ex, ex);
        }
        return (collectionId, dimension, metric) -> {
            awaitWarmUp();
            Path path = home.resolve(Integer.toString(collectionId));
            VectorShape shape = new VectorShape(dimension, Shapes.metric(metric));
            return keepLinked(VectorCollection.open(
                    PointStoreConfig.of(path, shape, budgetBytes), index.forDimension(dimension)));
        };
    }

    private CollectionStore keepLinked(VectorCollection collection) {
        builder.add(collection);
        return new MappedStore(collection, nodeBudget);
    }

    /** Returns what links the points of all stores; it runs on a thread of its own, and ends before the stores are closed. */
    IndexBuilder builder() {
        return builder;
    }

    /** Does not wait for the warm-up: searches need none of it, and the first write waits for its own id map. */
    @Override
    public CollectionStore open(Path path, StoreSection section) {
        StoreManifest.Sizes sizes = section.manifest().sizes();
        PointStoreConfig usual = PointStoreConfig.of(path, section.shape(), budgetBytes);
        PointStoreConfig asMade = new PointStoreConfig(
                path,
                section.shape(),
                sizes.segmentRows(),
                sizes.extentBytes(),
                budgetBytes,
                usual.initialIdEntries(),
                usual.diskSpace());
        if (!recovered && !running) {
            background.execute(CollectionStores::giveWay);
        }
        recovered = true;
        return keepLinked(VectorCollection.open(
                asMade, index.forDimension(section.shape().dimension()), section.manifest(), background));
    }
}
