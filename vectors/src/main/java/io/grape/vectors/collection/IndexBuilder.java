package io.grape.vectors.collection;

import io.grape.vectors.model.Reason;
import io.grape.vectors.model.VectorsException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import org.agrona.concurrent.Agent;

/**
 * Links what arrives in any collection, a few rows at a turn, on a thread of its own that parks while there is nothing to do.
 *
 * <p>While a search runs it pauses between two turns, unless the tail is half full: a search would wait for a core that linking
 * has, and the writer for a builder that never gets to link. Threads: {@link #add} any; the rest the builder's.
 */
public final class IndexBuilder implements Agent {
    private static final int ROWS_A_TURN = 4;
    private static final long PAUSE_NS = 50_000;

    private final CopyOnWriteArrayList<VectorCollection> collections = new CopyOnWriteArrayList<>();

    /** Takes over the linking of a collection, until it is closed. */
    public void add(VectorCollection collection) {
        collections.add(collection);
    }

    @Override
    public int doWork() {
        int done = 0;
        boolean pausable = true;
        for (VectorCollection collection : collections) {
            try {
                done += collection.buildWork(ROWS_A_TURN);
                pausable &= !collection.isTailHalfFull();
            } catch (VectorsException e) {
                forgetIfClosed(collection, e);
            }
        }
        if (done > 0 && pausable && isAnyRead()) {
            LockSupport.parkNanos(PAUSE_NS);
        }
        return done;
    }

    private boolean isAnyRead() {
        for (VectorCollection collection : collections) {
            if (collection.isRead()) {
                return true;
            }
        }
        return false;
    }

    private void forgetIfClosed(VectorCollection collection, VectorsException e) {
        if (e.reason() != Reason.STORE_CLOSED) {
            throw e;
        }
        collections.remove(collection);
        collection.endBuilding();
    }

    /** Makes every graph durable as it is. */
    @Override
    public void onClose() {
        for (VectorCollection collection : collections) {
            try {
                collection.checkpointIndex();
                collection.endBuilding();
            } catch (VectorsException e) {
                forgetIfClosed(collection, e);
            }
        }
    }

    @Override
    public String roleName() {
        return "index";
    }
}
