package io.grape.vectors.graph;

import io.grape.vectors.model.HotPath;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * Best-first search through the graph: expands the nearest node not yet expanded, until the beam holds none.
 *
 * <p>A node enters the beam with an estimated distance and gets its exact one when it is expanded. Owned by one thread,
 * which must be pinned while it runs (the builder needs no pin). Allocates only when graph or beam have grown.
 */
final class BeamSearch implements AutoCloseable {
    private static final int DEGREE = NodeBlockLayout.DEGREE;
    private static final int MAX_ATTEMPTS = 128;

    private final NodeBlocks blocks;
    private final Rotation rotation;
    private final NeighbourScan scan;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment query;
    private final float[] rotated;
    private final float[] estimates = new float[DEGREE];
    private final int[] neighbours = new int[DEGREE];

    private long[] visited = {};
    private int[] beamNodes = {};
    private float[] beamEstimates = {};
    private int beamCount;
    private int[] expanded = new int[1024];
    private float[] distances = new float[1024];
    private int expandedCount;

    BeamSearch(NodeBlocks blocks, Rotation rotation) {
        this.blocks = blocks;
        this.rotation = rotation;
        this.scan = new NeighbourScan(blocks.layout(), arena);
        this.query = arena.allocate(blocks.layout().vectorBytes(), 64);
        this.rotated = new float[blocks.layout().paddedDimension()];
    }

    /** Scratch of the padded dimension: fill it with the vector and zeros, then call {@link #prepare}. */
    float[] vector() {
        return rotated;
    }

    /** Rotates what {@link #vector} holds and makes it the query. */
    @HotPath
    void prepare() {
        rotation.apply(rotated);
        for (int i = 0; i < rotated.length; i++) {
            query.set(NodeBlocks.FLOAT, (long) i << 2, rotated[i]);
        }
        scan.prepare(rotated);
    }

    /**
     * Searches from {@code entry}.
     *
     * @param nodes upper bound of node numbers in the graph when the search starts; later ones are ignored
     * @param beam how many nodes the beam holds
     * @return how many nodes were expanded
     */
    @HotPath
    int run(int entry, int nodes, int beam) {
        reset(nodes, beam);
        insert(entry, 0, beam);
        int cursor = 0;
        while (cursor < beamCount) {
            int node = beamNodes[cursor];
            if (!visit(node)) {
                cursor++;
                continue;
            }
            float exact = blocks.squaredDistance(node, query);
            recordExpanded(node, exact);
            int degree = readNeighbours(node, exact);
            int best = cursor + 1;
            for (int slot = 0; slot < degree; slot++) {
                int neighbour = neighbours[slot];
                if (neighbour < nodes && !isVisited(neighbour)) {
                    best = Math.min(best, insert(neighbour, estimates[slot], beam));
                }
            }
            cursor = best;
        }
        return expandedCount;
    }

    @HotPath
    private int readNeighbours(int node, float exact) {
        MemorySegment memory = blocks.memory(node);
        long block = blocks.offset(node);
        for (int attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
            long version = NodeBlocks.versionAcquire(memory, block);
            if ((version & 1) == 0) {
                int degree = memory.get(NodeBlocks.INT, block + NodeBlockLayout.DEGREE_OFFSET);
                scan.scan(memory, block, exact, estimates);
                for (int slot = 0; slot < DEGREE; slot++) {
                    neighbours[slot] =
                            memory.get(NodeBlocks.INT, block + NodeBlockLayout.NEIGHBOUR_OFFSET + ((long) slot << 2));
                }
                if (NodeBlocks.unchanged(memory, block, version)) {
                    return degree;
                }
            }
            Thread.onSpinWait();
        }
        // The builder was stopped inside the block: go on without these edges rather than wait for it.
        return 0;
    }

    /** Puts a node into the beam by its estimate; returns its place, or the beam's size if it found none. */
    @HotPath
    private int insert(int node, float estimate, int beam) {
        if (beamCount == beam && estimate >= beamEstimates[beam - 1]) {
            return beam;
        }
        int low = 0;
        int high = beamCount;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (beamEstimates[middle] <= estimate) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        int moved = Math.min(beamCount, beam - 1) - low;
        System.arraycopy(beamEstimates, low, beamEstimates, low + 1, moved);
        System.arraycopy(beamNodes, low, beamNodes, low + 1, moved);
        beamEstimates[low] = estimate;
        beamNodes[low] = node;
        beamCount = Math.min(beamCount + 1, beam);
        return low;
    }

    private void reset(int nodes, int beam) {
        for (int i = 0; i < expandedCount; i++) {
            visited[expanded[i] >>> 6] = 0;
        }
        expandedCount = 0;
        beamCount = 0;
        int words = (nodes >>> 6) + 1;
        if (visited.length < words) {
            visited = new long[Math.max(words, 2 * visited.length)];
        }
        if (beamNodes.length < beam) {
            beamNodes = new int[beam];
            beamEstimates = new float[beam];
        }
    }

    @HotPath
    private boolean isVisited(int node) {
        return (visited[node >>> 6] & 1L << node) != 0;
    }

    @HotPath
    private boolean visit(int node) {
        long word = visited[node >>> 6];
        visited[node >>> 6] = word | 1L << node;
        return (word & 1L << node) == 0;
    }

    private void recordExpanded(int node, float distance) {
        if (expandedCount == expanded.length) {
            expanded = Arrays.copyOf(expanded, 2 * expandedCount);
            distances = Arrays.copyOf(distances, 2 * expandedCount);
        }
        expanded[expandedCount] = node;
        distances[expandedCount++] = distance;
    }

    /** Nodes expanded by the last run. */
    int expandedCount() {
        return expandedCount;
    }

    /** Node {@code i} of those expanded, in the order of expansion. */
    @HotPath
    int expanded(int i) {
        return expanded[i];
    }

    /** Its exact squared distance. */
    @HotPath
    float distance(int i) {
        return distances[i];
    }

    @Override
    public void close() {
        arena.close();
    }
}
