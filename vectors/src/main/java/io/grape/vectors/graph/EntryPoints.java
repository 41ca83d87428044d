package io.grape.vectors.graph;

import io.grape.vectors.model.HotPath;
import java.util.concurrent.atomic.AtomicIntegerArray;

/**
 * Nodes from which searches start: an even sample of all linked nodes, which a search offers to its beam.
 *
 * <p>Reservoir sampling (Vitter's algorithm R) with numbers drawn from the node's own, so that replicas agree. Written
 * by linkers under the graph's lock; any thread reads, and what it reads is a node that was linked.
 */
final class EntryPoints {
    static final int CAPACITY = 256;

    private final AtomicIntegerArray nodes = new AtomicIntegerArray(CAPACITY);
    private volatile int count;
    private long offered;

    /** Offers a node whose edges are written. */
    void offer(int node) {
        offered++;
        if (count < CAPACITY) {
            int place = count;
            nodes.setRelease(place, node);
            count = place + 1;
            return;
        }
        long draw = Long.remainderUnsigned(mix(node), offered);
        if (draw < CAPACITY) {
            nodes.setRelease((int) draw, node);
        }
    }

    /** Replaces entry {@code i}. */
    void replace(int i, int node) {
        nodes.setRelease(i, node);
    }

    /** Copies those below {@code bound}; returns how many. */
    @HotPath
    int copyBelow(int bound, int[] into) {
        int copied = 0;
        int known = count;
        for (int i = 0; i < known; i++) {
            int node = nodes.getAcquire(i);
            into[copied] = node;
            copied += node < bound ? 1 : 0;
        }
        return copied;
    }

    int count() {
        return count;
    }

    int node(int i) {
        return nodes.getAcquire(i);
    }

    long offered() {
        return offered;
    }

    /** Takes over what a checkpoint kept, as far as it is below {@code bound}. */
    void restore(int[] kept, int bound, long keptOffered) {
        int restored = 0;
        for (int node : kept) {
            if (node >= 0 && node < bound) {
                nodes.setRelease(restored++, node);
            }
        }
        offered = keptOffered;
        count = restored;
    }

    private static long mix(long value) {
        long z = (value + 0x9E3779B97F4A7C15L) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
