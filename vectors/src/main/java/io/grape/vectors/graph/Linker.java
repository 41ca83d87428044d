package io.grape.vectors.graph;

import io.grape.vectors.model.HotPath;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * Links new nodes into the graph, one after another, while readers search and other linkers do the same.
 *
 * <p>A node's code and list are complete before the first edge leads to it. Owned by one thread, which is pinned.
 */
public final class Linker implements AutoCloseable {
    /** What {@link VectorGraph} sees of a linker that is not at work. */
    static final int IDLE = Integer.MAX_VALUE;

    private static final int DEGREE = NodeLayout.DEGREE;

    private final VectorGraph graph;
    private final NodeFiles nodes;
    private final RowVectors rows;
    private final BeamSearch search;
    private final EdgeSelection edges;
    private final EdgeWriter writer;
    private final int dimension;
    private final int beam;
    /** The node being linked; under the graph's lock. */
    int current = IDLE;

    Linker(VectorGraph graph, NodeFiles nodes, NodeLocks locks, RowVectors rows) {
        this.graph = graph;
        this.nodes = nodes;
        this.rows = rows;
        this.search = new BeamSearch(nodes);
        this.edges = new EdgeSelection(rows);
        this.writer = new EdgeWriter(nodes, locks, rows);
        this.dimension = graph.config().dimension();
        this.beam = graph.config().buildBeam();
    }

    /**
     * Links the next row, or passes over it if it is dead.
     *
     * @return whether there was one
     * @throws io.grape.vectors.model.VectorsException BUDGET_EXCEEDED, DISK_FULL; nothing changed then
     */
    public boolean linkNext() {
        int node = graph.claim(this);
        if (node < 0) {
            return false;
        }
        boolean live = rows.isLiveAt(node, RowVectors.NOW);
        try {
            if (live) {
                link(node);
            }
        } finally {
            graph.complete(this, live);
        }
        return true;
    }

    @HotPath
    private void link(int node) {
        readVector(node);
        search.prepare(graph.space());
        MemorySegment memory = nodes.memoriesAcquire()[nodes.file(node)];
        NodeCode.write(search.vector(), memory, nodes.codeOffset(node), nodes.layout());
        findEdges(node, RowVectors.NOW);
        writer.writeNew(node, edges);
        for (int i = 0; i < edges.chosenCount(); i++) {
            writer.add(edges.chosen(i), node, edges.chosenDistance(i), false);
        }
        if (nodes.inDegree(node) == 0) {
            writer.force(node, edges);
        }
    }

    /** Chooses edges for the prepared node among the nearest live ones; dead ones serve if there are no others. */
    @HotPath
    private void findEdges(int node, long sequence) {
        int found = search.run(graph.entries(), graph.claimed(), beam);
        edges.clear();
        addFound(found, node, sequence);
        if (edges.count() == 0) {
            addFound(found, node, 0);
        }
        edges.select();
    }

    @HotPath
    private void addFound(int found, int node, long sequence) {
        for (int i = 0; i < found; i++) {
            int other = search.node(i);
            if (other != node && rows.isLiveAt(other, sequence)) {
                edges.add(other, RowDistance.squared(rows, node, other));
            }
        }
    }

    @HotPath
    private void readVector(int row) {
        float[] vector = search.vector();
        MemorySegment memory = rows.memory(row);
        long at = rows.offset(row);
        float scale = rows.scale(row);
        for (int i = 0; i < dimension; i++) {
            vector[i] = memory.get(NodeFiles.FLOAT, at + ((long) i << 2)) * scale;
        }
        Arrays.fill(vector, dimension, vector.length, 0);
    }

    /**
     * Takes the edges to dead nodes out of a live node's list and puts the best of what they led to in their place
     * (FreshDiskANN, Singh et al. 2021, Algorithm 4).
     *
     * @param sequence nodes that died up to it are dead
     * @return whether there were any
     */
    @HotPath
    boolean repair(int node, long sequence) {
        MemorySegment[] memories = nodes.memoriesAcquire();
        MemorySegment memory = memories[nodes.file(node)];
        long links = nodes.linksOffset(node);
        boolean found = false;
        edges.clear();
        for (int slot = 0; slot < DEGREE; slot++) {
            int neighbour = NodeFiles.neighbour(memory, links, slot);
            if (neighbour >= 0) {
                if (rows.isLiveAt(neighbour, sequence)) {
                    addOnce(node, neighbour);
                } else {
                    found = true;
                    addThrough(neighbour, node, memories[nodes.file(neighbour)], sequence);
                }
            }
        }
        if (found) {
            edges.select();
            if (edges.chosenCount() == 0) {
                readVector(node);
                search.prepare(graph.space());
                findEdges(node, sequence);
            }
            writer.replace(node, edges, sequence);
        }
        return found;
    }

    @HotPath
    private void addThrough(int dead, int node, MemorySegment memory, long sequence) {
        long links = nodes.linksOffset(dead);
        for (int slot = 0; slot < DEGREE; slot++) {
            int next = NodeFiles.neighbour(memory, links, slot);
            if (next >= 0 && rows.isLiveAt(next, sequence)) {
                addOnce(node, next);
            }
        }
    }

    @HotPath
    private void addOnce(int node, int other) {
        if (other != node && !edges.contains(other)) {
            edges.add(other, RowDistance.squared(rows, node, other));
        }
    }

    /** Takes a dead node out: empties its list, and gives those that only it led to another edge. */
    @HotPath
    void retire(int node) {
        MemorySegment memory = nodes.memoriesAcquire()[nodes.file(node)];
        long links = nodes.linksOffset(node);
        for (int slot = 0; slot < DEGREE; slot++) {
            int neighbour = NodeFiles.neighbour(memory, links, slot);
            if (neighbour >= 0) {
                NodeFiles.neighbourRelease(memory, links, slot, -1);
                nodes.removeInEdge(neighbour);
                if (nodes.inDegree(neighbour) == 0 && rows.isLiveAt(neighbour, RowVectors.NOW)) {
                    readVector(neighbour);
                    search.prepare(graph.space());
                    findEdges(neighbour, RowVectors.NOW);
                    writer.force(neighbour, edges);
                }
            }
        }
    }

    @Override
    public void close() {
        graph.leave(this);
        search.close();
    }
}
