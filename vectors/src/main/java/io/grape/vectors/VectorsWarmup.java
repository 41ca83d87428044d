package io.grape.vectors;

import io.grape.vectors.kernel.Kernels;
import io.grape.vectors.model.Metric;
import io.grape.vectors.model.VectorShape;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.function.Consumer;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Pays for what only the first search and the first store of a process cost: compiling the kernels, loading Chronicle Map.
 *
 * <p>The node runs it on a thread of its own while it starts, so that creating a collection later does not stall the
 * thread that applies the log.
 */
public final class VectorsWarmup implements Runnable {
    private static final Logger LOGGER = LoggerFactory.getLogger(VectorsWarmup.class);
    private static final long BUDGET_BYTES = 64L << 20;
    private static final int SEGMENT_ROWS = 1024;
    private static final long EXTENT_BYTES = 1 << 20;
    private static final int POINTS = 64;
    private static final String PREFIX = "warm-up-";

    private final Path parent;

    /**
     * @param parent an existing directory on the disk that will hold stores; a sub-directory is made there and removed
     */
    public VectorsWarmup(Path parent) {
        this.parent = parent;
    }

    /** Removes what the warm-ups of killed processes left. Before this process warms up. */
    public static void removeLeftovers(Path parent) throws IOException {
        try (DirectoryStream<Path> found = Files.newDirectoryStream(parent, PREFIX + "*")) {
            for (Path directory : found) {
                deleteTree(directory);
            }
        }
    }

    /** Lets searches do with a slower kernel that needs no warming, until {@link #warmUpKernels} has returned. */
    public static void begin() {
        Kernels.awaitWarmUp();
    }

    /** Has the kernels compiled. */
    public void warmUpKernels() {
        try {
            inDirectory(KernelWarmup::run);
        } finally {
            Kernels.warmedUp();
        }
        LOGGER.info("kernels warmed up kernel={}", Kernels.chosen().getClass().getSimpleName());
    }

    /** Creates, fills, searches, closes and reopens a small store, and removes it. */
    @Override
    public void run() {
        inDirectory(directory -> exercise(config(directory)));
        LOGGER.info("stores warmed up");
    }

    private void inDirectory(Consumer<Path> work) {
        try {
            Path directory = Files.createTempDirectory(parent, PREFIX);
            try {
                work.accept(directory);
            } finally {
                deleteTree(directory);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static PointStoreConfig config(Path directory) {
        return new PointStoreConfig(
                directory,
                new VectorShape(4, Metric.DOT),
                SEGMENT_ROWS,
                EXTENT_BYTES,
                BUDGET_BYTES,
                SEGMENT_ROWS,
                path -> Files.getFileStore(path).getUsableSpace());
    }

    private static void exercise(PointStoreConfig config) {
        UnsafeBuffer vector = new UnsafeBuffer(new byte[config.shape().vectorBytes()]);
        for (int round = 0; round < 2; round++) {
            try (PointStore store = PointStore.open(config);
                    Searcher searcher = store.newSearcher();
                    PointReader reader = store.newReader()) {
                for (int i = 0; i < POINTS; i++) {
                    store.upsert(0, i, i, vector, 0, vector, 0, i % 2);
                    reader.get(0, i);
                }
                store.delete(0, 0, 1);
                searcher.search(vector, 0, POINTS);
                store.checkpoint(POINTS);
            }
        }
    }

    private static void deleteTree(Path directory) throws IOException {
        Files.walkFileTree(directory, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException failure) throws IOException {
                Files.delete(visited);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
