package io.grape.vectors.graph;

import io.grape.vectors.model.HotPath;
import java.util.concurrent.atomic.AtomicIntegerArray;

/** Spin locks for the lists of nodes, shared by nodes whose numbers collide; held for microseconds, by linkers only. */
final class NodeLocks {
    private static final int STRIPES = 1 << 12;
    private static final int SPACING = 4;

    private final AtomicIntegerArray taken = new AtomicIntegerArray(STRIPES * SPACING);

    @HotPath
    void lock(int node) {
        int stripe = stripe(node);
        while (!taken.compareAndSet(stripe, 0, 1)) {
            Thread.onSpinWait();
        }
    }

    @HotPath
    void unlock(int node) {
        taken.setRelease(stripe(node), 0);
    }

    private static int stripe(int node) {
        return ((node * 0x9E3779B9) >>> 20) * SPACING;
    }
}
