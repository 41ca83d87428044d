package io.grape.vectors.graph;

import io.grape.vectors.model.HotPath;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * Best-first search through the graph by estimated distances: expands the nearest node of the beam not yet expanded,
 * until there is none.
 *
 * <p>Each node is scored once. Owned by one thread, which must be pinned while it runs (a linker needs no pin).
 * Allocates only when graph or beam have grown.
 */
final class BeamSearch implements AutoCloseable {
    private static final int DEGREE = NodeLayout.DEGREE;
    private static final int EXPANDED = 1;

    private final NodeFiles nodes;
    private final Arena arena = Arena.ofShared();
    private final CodeScan scan;
    private final float[] vector;
    private final int[] entryNodes = new int[EntryPoints.CAPACITY];
    private final int[] slots = new int[DEGREE];
    private final int[] candidates = new int[DEGREE];
    private final float[] estimates = new float[DEGREE];

    private long[] visited = {};
    private int[] touched = new int[1 << 12];
    private int touchedCount;
    /**
     * Estimate, node and whether it is expanded, in one number that sorts by the estimate. Of equal ones the newest
     * node comes first: among many equal vectors that leads to the lists that have room.
     */
    private long[] beam = {};

    private int beamCount;
    private int expandedCount;

    BeamSearch(NodeFiles nodes) {
        this.nodes = nodes;
        this.scan = new CodeScan(nodes, arena);
        this.vector = new float[nodes.layout().paddedDimension()];
    }

    /** Scratch of the padded dimension: fill it with the vector and zeros, then call {@link #prepare}. */
    float[] vector() {
        return vector;
    }

    /** Makes what {@link #vector} holds the query, after moving it into the graph's space. */
    @HotPath
    void prepare(QuerySpace space) {
        space.enter(vector);
        scan.prepare(vector);
    }

    /**
     * Searches.
     *
     * @param bound nodes from this number on are ignored
     * @param width how many nodes the beam holds
     * @return nodes found, nearest first by their estimates; see {@link #node}
     */
    @HotPath
    int run(EntryPoints entries, int bound, int width) {
        reset(bound, width);
        enter(entries, bound, width);
        int cursor = 0;
        while (cursor < beamCount) {
            long best = beam[cursor];
            if ((best & EXPANDED) != 0) {
                cursor++;
                continue;
            }
            beam[cursor] = best | EXPANDED;
            expandedCount++;
            int count = collect(Integer.MAX_VALUE - ((int) best >>> 1), bound);
            cursor = Math.min(cursor + 1, offerAll(count, width));
        }
        return beamCount;
    }

    /**
     * Offers all entries: those far away cost a comparison, and what no edge leads to from the nearest one, as may happen
     * among clusters, is found from another.
     */
    @HotPath
    private void enter(EntryPoints entries, int bound, int width) {
        int count = entries.copyBelow(bound, entryNodes);
        int next = 0;
        while (next < count) {
            int gathered = 0;
            while (next < count && gathered < DEGREE) {
                int node = entryNodes[next++];
                long word = visited[node >>> 6];
                if ((word & 1L << node) == 0) {
                    visited[node >>> 6] = word | 1L << node;
                    touched[touchedCount++] = node;
                    candidates[gathered++] = node;
                }
            }
            offerAll(gathered, width);
        }
    }

    /** Puts candidates into the beam that are near enough; returns the first place taken, or the width. */
    @HotPath
    private int offerAll(int gathered, int width) {
        int count = scan.keepNearer(candidates, gathered, threshold(width));
        scan.scan(candidates, count, estimates);
        int first = width;
        for (int i = 0; i < count; i++) {
            first = Math.min(first, offer(candidates[i], estimates[i], width));
        }
        return first;
    }

    /** What a node must be nearer than to enter the beam. */
    @HotPath
    private float threshold(int width) {
        return beamCount == width ? estimate(width - 1) : Float.POSITIVE_INFINITY;
    }

    /** Gathers the neighbours that were not met yet. */
    @HotPath
    private int collect(int node, int bound) {
        MemorySegment memory = nodes.memoriesAcquire()[nodes.file(node)];
        long links = nodes.linksOffset(node);
        if (touchedCount + DEGREE > touched.length) {
            growTouched();
        }
        NodeFiles.neighbours(memory, links, slots);
        int count = 0;
        for (int slot = 0; slot < DEGREE; slot++) {
            int neighbour = slots[slot] - 1;
            // An empty slot is -1, which is no unsigned number below the bound.
            if (Integer.compareUnsigned(neighbour, bound) < 0) {
                long word = visited[neighbour >>> 6];
                visited[neighbour >>> 6] = word | 1L << neighbour;
                candidates[count] = neighbour;
                count += (int) (~(word >>> neighbour) & 1);
            }
        }
        System.arraycopy(candidates, 0, touched, touchedCount, count);
        touchedCount += count;
        return count;
    }

    /** Puts a node into the beam by its estimate; returns its place, or the width if it found none. */
    @HotPath
    private int offer(int node, float estimate, int width) {
        // Non-negative floats sort as their bits do.
        long key = (long) Float.floatToRawIntBits(Math.max(0, estimate)) << 32 | (long) (Integer.MAX_VALUE - node) << 1;
        if (beamCount == width && key >= beam[width - 1]) {
            return width;
        }
        // Halves without a branch that depends on what is found: it would be mispredicted every other time.
        int low = 0;
        for (int length = beamCount; length > 0; ) {
            int step = (length + 1) >>> 1;
            low += beam[low + step - 1] <= key ? step : 0;
            length -= step;
        }
        System.arraycopy(beam, low, beam, low + 1, Math.min(beamCount, width - 1) - low);
        beam[low] = key;
        beamCount = Math.min(beamCount + 1, width);
        return low;
    }

    private void reset(int bound, int width) {
        for (int i = 0; i < touchedCount; i++) {
            visited[touched[i] >>> 6] = 0;
        }
        touchedCount = 0;
        beamCount = 0;
        expandedCount = 0;
        int words = (bound >>> 6) + 1;
        if (visited.length < words) {
            visited = new long[Math.max(words, 2 * visited.length)];
        }
        if (beam.length < width) {
            beam = new long[width];
        }
    }

    private void growTouched() {
        touched = Arrays.copyOf(touched, 2 * touched.length);
    }

    /** Node {@code i} of the beam. */
    @HotPath
    int node(int i) {
        return Integer.MAX_VALUE - ((int) beam[i] >>> 1);
    }

    /** Its estimated squared distance. */
    @HotPath
    float estimate(int i) {
        return Float.intBitsToFloat((int) (beam[i] >>> 32));
    }

    /** Nodes expanded by the last run. */
    int expandedCount() {
        return expandedCount;
    }

    @Override
    public void close() {
        arena.close();
    }
}
