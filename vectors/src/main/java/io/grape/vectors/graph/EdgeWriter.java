package io.grape.vectors.graph;

import io.grape.vectors.model.HotPath;
import java.lang.foreign.MemorySegment;

/**
 * Changes lists of edges, and never takes the last edge that leads to a node.
 *
 * <p>Without that rule nodes fall out of reach: equal vectors, of which a list keeps one, and outliers, which nobody's
 * nearest are. One thread each; several may be at work.
 */
final class EdgeWriter {
    private static final int DEGREE = NodeLayout.DEGREE;

    private final NodeFiles nodes;
    private final NodeLocks locks;
    private final RowVectors rows;
    private final EdgeSelection selection;

    EdgeWriter(NodeFiles nodes, NodeLocks locks, RowVectors rows) {
        this.nodes = nodes;
        this.locks = locks;
        this.rows = rows;
        this.selection = new EdgeSelection(rows);
    }

    /** Gives a new node its edges, nearest first. */
    @HotPath
    void writeNew(int node, EdgeSelection edges) {
        MemorySegment memory = nodes.memoriesAcquire()[nodes.file(node)];
        long links = nodes.linksOffset(node);
        for (int slot = 0; slot < edges.chosenCount(); slot++) {
            NodeFiles.neighbourRelease(memory, links, slot, edges.chosen(slot));
            nodes.addInEdge(edges.chosen(slot));
        }
    }

    /**
     * Adds an edge to a list; a full one is chosen anew.
     *
     * @param must whether the edge has to be taken even if others are better
     * @return whether the list has the edge now
     */
    @HotPath
    boolean add(int from, int to, float distance, boolean must) {
        locks.lock(from);
        try {
            MemorySegment memory = nodes.memoriesAcquire()[nodes.file(from)];
            long links = nodes.linksOffset(from);
            int free = -1;
            for (int slot = 0; slot < DEGREE; slot++) {
                int neighbour = NodeFiles.neighbour(memory, links, slot);
                if (neighbour == to) {
                    return true;
                }
                free = neighbour < 0 ? slot : free;
            }
            if (free >= 0) {
                NodeFiles.neighbourRelease(memory, links, free, to);
                nodes.addInEdge(to);
                return true;
            }
            return addToFull(memory, links, from, to, distance, must);
        } finally {
            locks.unlock(from);
        }
    }

    @HotPath
    private boolean addToFull(MemorySegment memory, long links, int from, int to, float distance, boolean must) {
        selection.clear();
        selection.add(to, distance);
        for (int slot = 0; slot < DEGREE; slot++) {
            int neighbour = NodeFiles.neighbour(memory, links, slot);
            selection.add(neighbour, RowDistance.squared(rows, from, neighbour));
        }
        selection.select();
        if (!selection.isChosen(to) && !must) {
            return false;
        }
        // Counted first, so that it is not taken for one that nothing leads to.
        nodes.addInEdge(to);
        int free = -1;
        for (int slot = 0; slot < DEGREE; slot++) {
            int neighbour = NodeFiles.neighbour(memory, links, slot);
            if (!selection.isChosen(neighbour) && nodes.dropInEdge(neighbour)) {
                NodeFiles.neighbourRelease(memory, links, slot, -1);
                free = slot;
            }
        }
        // All 32 chosen, or the only edges to their nodes: give up the farthest that is not.
        for (int i = selection.chosenCount() - 1; free < 0 && i >= 0; i--) {
            int neighbour = selection.chosen(i);
            if (neighbour != to && nodes.dropInEdge(neighbour)) {
                free = slotOf(memory, links, neighbour);
            }
        }
        if (free < 0) {
            nodes.removeInEdge(to);
            return false;
        }
        NodeFiles.neighbourRelease(memory, links, free, to);
        return true;
    }

    @HotPath
    private static int slotOf(MemorySegment memory, long links, int neighbour) {
        int slot = 0;
        while (NodeFiles.neighbour(memory, links, slot) != neighbour) {
            slot++;
        }
        return slot;
    }

    /**
     * Makes a node reachable that nothing leads to: from the nearest chosen node that can take the edge, else from the
     * nearest candidate that can.
     */
    @HotPath
    void force(int node, EdgeSelection from) {
        for (int i = 0; i < from.chosenCount(); i++) {
            if (add(from.chosen(i), node, from.chosenDistance(i), true)) {
                return;
            }
        }
        for (int i = 0; i < from.count(); i++) {
            int candidate = from.candidate(i);
            if (add(candidate, node, RowDistance.squared(rows, node, candidate), true)) {
                return;
            }
        }
    }

    /**
     * Replaces a list by what was chosen; edges that are the only ones to a live node stay while there is room.
     *
     * @param sequence nodes that died up to it lose their edge in any case
     */
    @HotPath
    void replace(int node, EdgeSelection edges, long sequence) {
        locks.lock(node);
        try {
            MemorySegment memory = nodes.memoriesAcquire()[nodes.file(node)];
            long links = nodes.linksOffset(node);
            for (int i = 0; i < edges.chosenCount(); i++) {
                nodes.addInEdge(edges.chosen(i));
            }
            for (int slot = 0; slot < DEGREE; slot++) {
                int neighbour = NodeFiles.neighbour(memory, links, slot);
                if (neighbour < 0) {
                    continue;
                }
                if (!rows.isLiveAt(neighbour, sequence)) {
                    nodes.removeInEdge(neighbour);
                } else if (!nodes.dropInEdge(neighbour) && !keep(neighbour, edges)) {
                    nodes.removeInEdge(neighbour);
                }
            }
            for (int slot = 0; slot < DEGREE; slot++) {
                int neighbour = slot < edges.chosenCount() ? edges.chosen(slot) : -1;
                NodeFiles.neighbourRelease(memory, links, slot, neighbour);
            }
        } finally {
            locks.unlock(node);
        }
    }

    /** Keeps the only edge to a node, in the place of the farthest chosen one if need be. */
    @HotPath
    private boolean keep(int neighbour, EdgeSelection edges) {
        boolean kept = edges.force(neighbour, 0);
        for (int i = edges.chosenCount() - 1; !kept && i >= 0; i--) {
            if (nodes.dropInEdge(edges.chosen(i))) {
                edges.replace(i, neighbour, 0);
                kept = true;
            }
        }
        return kept;
    }
}
