package io.grape.vectors.id;

import io.grape.vectors.model.HotPath;
import io.grape.vectors.model.Reason;
import io.grape.vectors.model.VectorsException;
import io.grape.vectors.segment.DiskBudget;
import io.grape.vectors.segment.ReaderPins;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Id to row, for one store.
 *
 * <p>Growth without a pause: at {@value #GROW_AT_PERCENT} % of its size a map twice as large is made by a background
 * thread (making the file is the slow part). Then every operation of the writer goes to both maps and copies
 * at least {@value #COPY_ROWS_PER_OPERATION} older rows; when all are copied the larger map is swapped in, and the old one is
 * closed and deleted behind the last pinned reader.
 *
 * <p>Threads: one writer; {@code get} for any pinned reader.
 */
public final class IdMap implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(IdMap.class);
    private static final int GROW_AT_PERCENT = 60;
    private static final int WAIT_AT_PERCENT = 85;
    private static final int REFUSE_AT_PERCENT = 95;
    private static final int RETRIES_PER_MAP = 64;
    private static final int COPY_ROWS_PER_OPERATION = 16;

    private final Path directory;
    private final DiskBudget budget;
    private final ReaderPins pins;
    private final LiveRows rows;
    private final PointKey copyKey = new PointKey();
    private final RowEntry copyEntry = new RowEntry();

    private volatile IdMapFile current;
    private @Nullable CompletableFuture<IdMapFile> making;
    private @Nullable IdMapFile larger;
    private long copied;
    private int copyStep;
    private long retryAt;
    private int generation;

    /** Takes over an opened map file; see {@link IdMapOpener}. */
    IdMap(IdMapFile current, int generation, IdMapOpener opener) {
        this.current = current;
        this.generation = generation;
        this.directory = opener.directory();
        this.budget = opener.budget();
        this.pins = opener.pins();
        this.rows = opener.rows();
    }

    /** Finds the row of a point; the entry is set only if it returns true. Pinned readers and the writer. */
    @HotPath
    public boolean get(PointKey key, RowEntry using) {
        return current.map().getUsing(key, using) != null;
    }

    /** Sets the row of a point. Writer only. */
    @HotPath
    public void put(PointKey key, RowEntry entry) {
        if (larger != null) {
            larger.map().put(key, entry);
        }
        current.map().put(key, entry);
    }

    /** Forgets a point. Writer only. */
    @HotPath
    public void remove(PointKey key) {
        if (larger != null) {
            larger.map().remove(key);
        }
        current.map().remove(key);
    }

    /** Points in the map. */
    public long size() {
        return current.map().longSize();
    }

    /** Entries the current map was made for. */
    public long entries() {
        return current.entries();
    }

    /** Which file of the directory is in use: raised by each growth. */
    public int generation() {
        return generation;
    }

    /**
     * Does a bounded bit of growth if there is any to do. The writer calls it before it applies an operation, when maps
     * and rows agree.
     *
     * @throws VectorsException BUDGET_EXCEEDED when the map is nearly full and could not be grown
     */
    @HotPath
    public void advance(long liveCount) {
        if (larger != null) {
            copySome(larger);
        } else if (making != null) {
            // Waiting is the last resort: points arrive faster than a file can be made.
            if (making.isDone() || liveCount * 100 >= current.entries() * WAIT_AT_PERCENT) {
                adopt(making);
            }
        } else if (liveCount * 100 >= current.entries() * GROW_AT_PERCENT) {
            growOrRefuse(liveCount);
        }
    }

    private void growOrRefuse(long liveCount) {
        if (liveCount >= retryAt) {
            retryAt = liveCount + current.entries() / RETRIES_PER_MAP;
            startMaking();
        }
        if (liveCount * 100 >= current.entries() * REFUSE_AT_PERCENT && making == null) {
            throw new VectorsException(
                    Reason.BUDGET_EXCEEDED,
                    "the id map " + current.path() + " holds " + liveCount + " points and could not be grown");
        }
    }

    private void startMaking() {
        long entries = current.entries() * 2;
        Path path = IdMapOpener.file(directory, generation + 1);
        CompletableFuture<IdMapFile> result = new CompletableFuture<>();
        making = result;
        Thread.ofPlatform().daemon().name("grape-id-map-maker").start(() -> {
            try {
                result.complete(IdMapFile.create(path, entries, budget));
            } catch (RuntimeException | Error e) {
                result.completeExceptionally(e);
            }
        });
    }

    private void adopt(CompletableFuture<IdMapFile> made) {
        try {
            larger = made.join();
            copied = 0;
            // All rows, dead ones too, are copied before the live ones can fill a quarter of the old map.
            copyStep = COPY_ROWS_PER_OPERATION + (int) (rows.rowCount() * 8 / current.entries());
            retryAt = 0;
        } catch (CompletionException e) {
            LOGGER.warn("id map not grown entries={} reason=\"{}\"", current.entries(), e.getMessage());
        } finally {
            making = null;
        }
    }

    private void copySome(IdMapFile target) {
        long end = Math.min(rows.rowCount(), copied + copyStep);
        for (; copied < end; copied++) {
            if (rows.read(copied, copyKey, copyEntry)) {
                target.map().put(copyKey, copyEntry);
            }
        }
        if (copied == rows.rowCount()) {
            swap(target);
        }
    }

    private void swap(IdMapFile target) {
        IdMapFile old = current;
        current = target;
        larger = null;
        generation++;
        pins.retire(() -> old.delete(budget));
        LOGGER.info("id map grown entries={} points={} file={}", target.entries(), size(), target.path());
    }

    /** Closes the files. No reader may be pinned. */
    @Override
    public void close() {
        if (making != null) {
            making.exceptionally(failure -> null).join();
            if (!making.isCompletedExceptionally()) {
                making.join().delete(budget);
            }
            making = null;
        }
        if (larger != null) {
            larger.delete(budget);
            larger = null;
        }
        current.close();
    }
}
