package io.grape.node;

import io.grape.codecs.FaultException;
import io.grape.codecs.GrapeException;
import io.grape.codecs.sbe.ErrorCode;
import io.grape.node.checkpoint.StoreOpener;
import io.grape.node.checkpoint.StoreSection;
import io.grape.node.config.IndexSettings;
import io.grape.node.state.CollectionStore;
import io.grape.node.state.MappedStore;
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

/**
 * Makes the stores of collections, a directory for each collection in each group.
 *
 * <p>The first store of a process takes seconds, because its id map compiles code at run time; a store made in the
 * background takes that on while the node starts, and the first collection waits for it.
 *
 * <p>Thread: {@link #start} before the node runs, {@link #ofGroup} before, what it returns the apply agent's, {@link #open} any.
 */
final class CollectionStores implements StoreOpener {
    private final Path directory;
    private final long budgetBytes;
    private final IndexSettings index;
    private final IndexBuilder builder = new IndexBuilder();
    private final FutureTask<Void> warmUp;

    CollectionStores(Path directory, long budgetBytes, IndexSettings index) {
        this.directory = directory;
        this.budgetBytes = budgetBytes;
        this.index = index;
        this.warmUp = new FutureTask<>(new VectorsWarmup(directory), null);
    }

    /** Begins to warm up on a thread of its own. */
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
        Thread thread = new Thread(warmUp, "grape-warm-up");
        thread.setDaemon(true);
        thread.start();
    }

    private void awaitWarmUp() {
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
        return new MappedStore(collection);
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
        return keepLinked(
                VectorCollection.open(asMade, index.forDimension(section.shape().dimension()), section.manifest()));
    }
}
