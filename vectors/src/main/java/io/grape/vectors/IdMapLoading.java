package io.grape.vectors;

import io.grape.vectors.id.IdMap;
import io.grape.vectors.model.HotPath;
import io.grape.vectors.model.Reason;
import io.grape.vectors.model.VectorsException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The id map of a store, which may come later than its rows: it is derived from them, and searches do not need it.
 *
 * <p>Whoever comes first makes it: the executor, or the writer when it needs it. Threads: {@link #map} and {@link #close}
 * are the writer's; {@link #ifReady} is for any.
 */
final class IdMapLoading {
    private final FutureTask<IdMap> loading;
    private final AtomicBoolean begun = new AtomicBoolean();
    private volatile @Nullable IdMap ready;

    /**
     * @param opener   opens or rebuilds the map; while it runs nobody writes rows
     * @param executor makes it when it gets to it; null to have it made before this returns
     */
    IdMapLoading(Supplier<IdMap> opener, @Nullable Executor executor) {
        loading = new FutureTask<>(() -> {
            IdMap map = opener.get();
            ready = map;
            return map;
        });
        if (executor == null) {
            map();
        } else {
            executor.execute(this::begin);
        }
    }

    /** Returns the map, and waits for it if need be. */
    @HotPath
    IdMap map() {
        IdMap map = ready;
        return map != null ? map : make();
    }

    /** Returns the map, or null while it is being made. */
    @HotPath
    @Nullable
    IdMap ifReady() {
        return ready;
    }

    /** Points that the map is made for; 0 while it is being made. */
    long entries() {
        IdMap map = ready;
        return map == null ? 0 : map.entries();
    }

    /** Closes the map if there is one, after a last word with it. */
    void close(Consumer<IdMap> before) {
        if (begun.compareAndSet(false, true)) {
            // Never made: the executor had not come to it, and nobody has written. What vouches for the file stays.
            return;
        }
        try {
            IdMap map = map();
            before.accept(map);
            map.close();
        } catch (VectorsException e) {
            if (ready != null) {
                throw e;
            }
            // There is no map to close; whoever needed it was told why.
        }
    }

    private void begin() {
        if (begun.compareAndSet(false, true)) {
            loading.run();
        }
    }

    private IdMap make() {
        begin();
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return loading.get();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } catch (ExecutionException e) {
            if (e.getCause() instanceof VectorsException known) {
                throw known;
            }
            throw new VectorsException(Reason.IO_FAILED, "the id map cannot be opened: " + e.getCause(), e);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
