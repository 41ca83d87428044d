package io.grape.vectors;

import io.grape.vectors.id.IdMap;
import io.grape.vectors.model.HotPath;
import io.grape.vectors.model.Reason;
import io.grape.vectors.model.VectorsException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The id map of a store, which may come later than its rows: it is derived from them, and searches do not need it.
 *
 * <p>Threads: {@link #map} and {@link #close} are the writer's; {@link #ifReady} is for any.
 */
final class IdMapLoading {
    private final FutureTask<IdMap> loading;
    private volatile @Nullable IdMap ready;

    /**
     * @param opener       opens or rebuilds the map; while it runs nobody writes rows
     * @param inBackground whether a thread of its own does it; otherwise it is done when this returns
     */
    IdMapLoading(Supplier<IdMap> opener, boolean inBackground) {
        loading = new FutureTask<>(() -> {
            IdMap map = opener.get();
            ready = map;
            return map;
        });
        if (inBackground) {
            Thread.ofPlatform().daemon().name("grape-id-map-loader").start(loading);
        } else {
            loading.run();
            await();
        }
    }

    /** Returns the map, and waits for it if need be. */
    @HotPath
    IdMap map() {
        IdMap map = ready;
        return map != null ? map : await();
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

    private IdMap await() {
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
