package io.grape.vectors.graph;

import io.grape.vectors.model.HotPath;
import java.lang.foreign.MemorySegment;

/**
 * Keeps the graph in shape, a few nodes at a call: counts the lists of an opened graph, and takes dead nodes out.
 *
 * <p>When a tenth of the nodes is dead, every live node's list is repaired; then no live node leads to one that was dead
 * when the sweep began, and those are emptied. FreshDiskANN's consolidation (Singh et al. 2021), done in place. Owned by
 * the thread of its linker.
 */
public final class GraphSweep {
    private static final int DEGREE = NodeLayout.DEGREE;
    private static final int DEAD_DIVISOR = 10;
    private static final int DEAD_FLOOR = 64;

    /** What a sweep is at. */
    private enum Phase {
        IDLE,
        REPAIR,
        RETIRE
    }

    private final VectorGraph graph;
    private final Linker linker;
    private final NodeFiles nodes;
    private final RowVectors rows;
    private Phase phase = Phase.IDLE;
    private int cursor;
    private int end;
    private long sequence;
    private long retired;
    private long deadAtBegin;
    private long keptDead;
    private int spare;

    GraphSweep(VectorGraph graph, Linker linker, NodeFiles nodes, RowVectors rows) {
        this.graph = graph;
        this.linker = linker;
        this.nodes = nodes;
        this.rows = rows;
    }

    /**
     * Looks at up to {@code limit} nodes.
     *
     * @param liveRows points of the store, by which it is judged whether a sweep is due
     * @return nodes looked at; 0 when nothing is to be done
     */
    public int work(int limit, long liveRows) {
        if (!graph.isCounted()) {
            return count(limit);
        }
        if (phase == Phase.IDLE) {
            long inGraph = graph.nodeCount();
            // Rows that wait to be linked count as live in the graph here, so a sweep comes late rather than early.
            if (inGraph - liveRows - keptDead < DEAD_FLOOR + inGraph / DEAD_DIVISOR) {
                return 0;
            }
            begin(inGraph - liveRows);
        }
        int from = cursor;
        while (cursor < end && cursor - from < limit) {
            step(cursor++);
        }
        if (cursor == end) {
            finishPhase();
        }
        return cursor == 0 ? limit : Math.max(1, cursor - from);
    }

    private void begin(long dead) {
        deadAtBegin = dead;
        phase = Phase.REPAIR;
        cursor = 0;
        end = graph.indexedAcquire();
        sequence = rows.sequence();
        retired = 0;
    }

    @HotPath
    private void step(int node) {
        boolean live = rows.isLiveAt(node, sequence);
        if (phase == Phase.REPAIR) {
            if (live) {
                linker.repair(node, sequence);
                spare = node;
            }
        } else if (!live && isLinked(node)) {
            linker.retire(node);
            retired++;
        }
    }

    private void finishPhase() {
        cursor = 0;
        if (phase == Phase.REPAIR) {
            replaceDeadEntries();
            phase = Phase.RETIRE;
        } else {
            graph.addRetired(retired);
            // What the numbers called dead and the sweep did not find must not start the next one.
            keptDead = Math.max(0, deadAtBegin - retired);
            phase = Phase.IDLE;
        }
    }

    private void replaceDeadEntries() {
        EntryPoints entries = graph.entries();
        for (int i = 0; i < entries.count(); i++) {
            int node = entries.node(i);
            if (!rows.isLiveAt(node, sequence)) {
                entries.replace(i, liveNear(node));
            }
        }
    }

    /** A live node that a dead one leads to, as it lies in the same region; else any. */
    private int liveNear(int dead) {
        MemorySegment memory = nodes.memoriesAcquire()[nodes.file(dead)];
        for (int slot = 0; slot < DEGREE; slot++) {
            int neighbour = NodeFiles.neighbour(memory, nodes.linksOffset(dead), slot);
            if (neighbour >= 0 && rows.isLiveAt(neighbour, sequence)) {
                return neighbour;
            }
        }
        return spare;
    }

    @HotPath
    private boolean isLinked(int node) {
        MemorySegment memory = nodes.memoriesAcquire()[nodes.file(node)];
        long links = nodes.linksOffset(node);
        for (int slot = 0; slot < DEGREE; slot++) {
            if (NodeFiles.neighbour(memory, links, slot) >= 0) {
                return true;
            }
        }
        return false;
    }

    /** Counts in-degrees after an opening, and drops edges to nodes that were linked after the checkpoint. */
    private int count(int limit) {
        end = graph.indexedAcquire();
        int from = cursor;
        int linked = 0;
        while (cursor < end && cursor - from < limit) {
            linked += countList(cursor++) ? 1 : 0;
        }
        graph.addLinked(linked);
        int counted = cursor - from;
        if (cursor == end) {
            cursor = 0;
            graph.setCounted();
        }
        return Math.max(1, counted);
    }

    /** Returns whether the list holds anything: it is empty of rows that were dead, and of nodes taken out. */
    private boolean countList(int node) {
        MemorySegment memory = nodes.memoriesAcquire()[nodes.file(node)];
        long links = nodes.linksOffset(node);
        boolean linked = false;
        for (int slot = 0; slot < DEGREE; slot++) {
            int neighbour = NodeFiles.neighbour(memory, links, slot);
            linked |= neighbour >= 0;
            if (neighbour >= 0 && neighbour < end) {
                nodes.addInEdge(neighbour);
            } else {
                NodeFiles.neighbourRelease(memory, links, slot, -1);
            }
        }
        return linked;
    }
}
