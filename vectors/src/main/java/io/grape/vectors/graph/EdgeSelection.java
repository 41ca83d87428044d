package io.grape.vectors.graph;

import io.grape.vectors.model.HotPath;
import java.util.Arrays;

/**
 * Chooses edges: near nodes that lie in different directions.
 *
 * <p>Nearest first, a candidate is dropped if a chosen one is nearer to it than the node is: RobustPrune (DiskANN,
 * section 2.3) with alpha 1, which is the heuristic of HNSW (Malkov and Yashunin, Algorithm 4). A larger alpha was
 * measured to cost recall at a fixed degree. Of vectors equal to the node's own one is chosen, and what is as far from
 * that one as from the node is not dropped for it, so that every copy has ways out. One thread.
 */
final class EdgeSelection {
    private final RowVectors rows;
    private int[] nodes = new int[64];
    private long[] order = new long[64];
    private int count;
    private final int[] chosen = new int[NodeLayout.DEGREE];
    private final float[] chosenDistances = new float[NodeLayout.DEGREE];
    private int chosenCount;

    EdgeSelection(RowVectors rows) {
        this.rows = rows;
    }

    @HotPath
    void clear() {
        count = 0;
        chosenCount = 0;
    }

    /** Adds a candidate, which must be none of those before. */
    @HotPath
    void add(int node, float distance) {
        if (count == nodes.length) {
            grow();
        }
        // Non-negative floats sort as their bits do.
        order[count] = (long) Float.floatToRawIntBits(Math.max(0, distance)) << 32 | count;
        nodes[count++] = node;
    }

    /** Candidate {@code i}, in the order of adding. */
    @HotPath
    int candidate(int i) {
        return nodes[i];
    }

    /** Candidates added. */
    int count() {
        return count;
    }

    @HotPath
    boolean contains(int node) {
        for (int i = 0; i < count; i++) {
            if (nodes[i] == node) {
                return true;
            }
        }
        return false;
    }

    /** Chooses at most {@link NodeLayout#DEGREE} of the candidates. */
    @HotPath
    void select() {
        Arrays.sort(order, 0, count);
        chosenCount = 0;
        for (int i = 0; i < count && chosenCount < NodeLayout.DEGREE; i++) {
            int node = nodes[(int) order[i]];
            float distance = Float.intBitsToFloat((int) (order[i] >>> 32));
            if (isDiverse(node, distance)) {
                chosen[chosenCount] = node;
                chosenDistances[chosenCount++] = distance;
            }
        }
    }

    @HotPath
    private boolean isDiverse(int node, float distance) {
        for (int i = 0; i < chosenCount; i++) {
            float between = RowDistance.squared(rows, node, chosen[i]);
            if (between < distance || (distance == 0 && between == 0)) {
                return false;
            }
        }
        return true;
    }

    private void grow() {
        nodes = Arrays.copyOf(nodes, 2 * count);
        order = Arrays.copyOf(order, 2 * count);
    }

    @HotPath
    int chosenCount() {
        return chosenCount;
    }

    /** Chosen node {@code i}, nearest first. */
    @HotPath
    int chosen(int i) {
        return chosen[i];
    }

    @HotPath
    float chosenDistance(int i) {
        return chosenDistances[i];
    }

    @HotPath
    boolean isChosen(int node) {
        for (int i = 0; i < chosenCount; i++) {
            if (chosen[i] == node) {
                return true;
            }
        }
        return false;
    }

    /** Takes a node in although it is not diverse, if there is room. */
    @HotPath
    boolean force(int node, float distance) {
        if (chosenCount == NodeLayout.DEGREE) {
            return false;
        }
        chosen[chosenCount] = node;
        chosenDistances[chosenCount++] = distance;
        return true;
    }

    /** Puts a node in the place of chosen {@code i}. */
    @HotPath
    void replace(int i, int node, float distance) {
        chosen[i] = node;
        chosenDistances[i] = distance;
    }
}
