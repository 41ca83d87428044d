package io.grape.node.state;

import io.grape.codecs.HotPath;
import io.grape.vectors.PointStore;
import java.util.Arrays;

/**
 * The off-heap bytes that all stores of a node may take together.
 *
 * <p>A write is let into the log only if what it and everything else on its way to its store may need still fits: what is in
 * the log must be applied. Threads: any may ask; stores come and go on apply threads, under a lock that asking does not take.
 */
public final class NodeBudget {
    private final long limitBytes;
    private volatile PointStore[] stores = {};

    /**
     * @param limitBytes most bytes of files of vectors, payloads and id maps
     */
    public NodeBudget(long limitBytes) {
        this.limitBytes = limitBytes;
    }

    /** Returns whether so many bytes more stay within the budget. */
    @HotPath
    public boolean fits(long bytes) {
        return usedBytes() <= limitBytes - bytes;
    }

    /** Returns the bytes that the stores take now. */
    @HotPath
    public long usedBytes() {
        PointStore[] open = stores;
        long used = 0;
        for (int i = 0; i < open.length; i++) {
            used += open[i].fileBytes();
        }
        return used;
    }

    /** Returns the limit. */
    public long limitBytes() {
        return limitBytes;
    }

    synchronized void add(PointStore store) {
        PointStore[] more = Arrays.copyOf(stores, stores.length + 1);
        more[stores.length] = store;
        stores = more;
    }

    @SuppressWarnings("ReferenceEquality") // this very store
    synchronized void remove(PointStore store) {
        stores = Arrays.stream(stores).filter(open -> open != store).toArray(PointStore[]::new);
    }
}
