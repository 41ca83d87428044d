package io.grape.node;

import io.grape.codecs.FaultException;
import io.grape.codecs.GrapeException;
import io.grape.codecs.sbe.ErrorCode;
import io.grape.codecs.sbe.Metric;
import io.grape.node.state.CollectionStore;
import io.grape.node.state.MappedStore;
import io.grape.node.state.Shapes;
import io.grape.node.state.StoreFactory;
import io.grape.vectors.PointStore;
import io.grape.vectors.PointStoreConfig;
import io.grape.vectors.VectorsWarmup;
import io.grape.vectors.model.VectorShape;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;

/**
 * Makes the stores of collections, a directory each.
 *
 * <p>The first store of a process takes seconds, because its id map compiles code at run time; a store made in the
 * background takes that on while the node starts, and the first collection waits for it.
 *
 * <p>The journal holds every entry, so the stores are made anew from it at each start: what an earlier process left is
 * removed first. Thread: {@link #clear} before the node runs, {@link #create} the apply agent's.
 */
final class CollectionStores implements StoreFactory {
    private final Path directory;
    private final long budgetBytes;
    private final FutureTask<Void> warmUp;

    CollectionStores(Path directory, long budgetBytes) {
        this.directory = directory;
        this.budgetBytes = budgetBytes;
        this.warmUp = new FutureTask<>(new VectorsWarmup(directory), null);
    }

    /** Removes what an earlier process left, and begins to warm up on a thread of its own. */
    void start() {
        clear();
        Thread thread = new Thread(warmUp, "grape-warm-up");
        thread.setDaemon(true);
        thread.start();
    }

    private void clear() {
        try {
            Files.createDirectories(directory);
        } catch (IOException ex) {
            throw cannotClear(ex);
        }
        try (Stream<Path> found = Files.walk(directory)) {
            List<Path> paths = found.sorted(Comparator.reverseOrder()).toList();
            for (Path path : paths) {
                if (!path.equals(directory)) {
                    Files.delete(path);
                }
            }
        } catch (IOException | UncheckedIOException ex) {
            throw cannotClear(ex);
        }
    }

    private FaultException cannotClear(Exception cause) {
        return new FaultException(
                FaultException.Severity.FAIL_NODE,
                ErrorCode.IO_FAILURE,
                "cannot clear " + directory + ": " + cause,
                cause);
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

    @Override
    public CollectionStore create(int collectionId, int dimension, Metric metric) {
        awaitWarmUp();
        Path path = directory.resolve(Integer.toString(collectionId));
        return new MappedStore(PointStore.open(
                PointStoreConfig.of(path, new VectorShape(dimension, Shapes.metric(metric)), budgetBytes)));
    }
}
