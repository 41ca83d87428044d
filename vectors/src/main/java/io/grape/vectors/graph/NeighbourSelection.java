package io.grape.vectors.graph;

import io.grape.vectors.model.HotPath;
import java.util.Arrays;

/**
 * Chooses the edges of a new node: near ones that lie in different directions.
 *
 * <p>RobustPrune (DiskANN, section 2.3, Algorithm 2): nearest first, a candidate is dropped if a chosen neighbour is
 * closer to it by the factor alpha than the node is, or as close where vectors are equal. Slots left over are filled with the nearest dropped ones, because a
 * block is read whole anyway; those are marked as fillers and make room first. Builder thread.
 */
final class NeighbourSelection {
    private static final int DEGREE = NodeBlockLayout.DEGREE;

    private final NodeBlocks blocks;
    private final float squaredAlpha;
    private final int[] nodes = new int[DEGREE];
    private final float[] distances = new float[DEGREE];
    private long[] order = {};
    private int count;
    private int chosen;

    NeighbourSelection(NodeBlocks blocks, float alpha) {
        this.blocks = blocks;
        this.squaredAlpha = alpha * alpha;
    }

    /** Selects from the nodes that a search expanded. */
    @HotPath
    void select(BeamSearch search) {
        int candidates = search.expandedCount();
        grow(candidates);
        for (int i = 0; i < candidates; i++) {
            // Non-negative floats sort as their bits do.
            order[i] = (long) Float.floatToIntBits(Math.max(0, search.distance(i))) << 32 | i;
        }
        Arrays.sort(order, 0, candidates);
        count = 0;
        for (int i = 0; i < candidates && count < DEGREE; i++) {
            int candidate = (int) order[i];
            if (isDiverse(search.expanded(candidate), search.distance(candidate))) {
                add(search, candidate);
                order[i] = -1;
            }
        }
        chosen = count;
        for (int i = 0; i < candidates && count < DEGREE; i++) {
            if (order[i] != -1) {
                add(search, (int) order[i]);
            }
        }
    }

    @HotPath
    private boolean isDiverse(int node, float distance) {
        for (int i = 0; i < count; i++) {
            if (squaredAlpha * blocks.squaredDistance(node, nodes[i]) <= distance) {
                return false;
            }
        }
        return true;
    }

    @HotPath
    private void add(BeamSearch search, int candidate) {
        nodes[count] = search.expanded(candidate);
        distances[count++] = search.distance(candidate);
    }

    private void grow(int candidates) {
        if (order.length < candidates) {
            order = new long[2 * candidates];
        }
    }

    int count() {
        return count;
    }

    int node(int i) {
        return nodes[i];
    }

    float distance(int i) {
        return distances[i];
    }

    /** Whether edge {@code i} only fills a slot. */
    boolean isFiller(int i) {
        return i >= chosen;
    }
}
