package io.grape.vectors.graph;

import io.grape.vectors.model.HotPath;
import java.lang.foreign.MemorySegment;

/**
 * Links new nodes into the graph, one after another, while readers search.
 *
 * <p>A node's block is complete before the first edge leads to it. An edge back from a neighbour whose slots are full
 * takes the place of a filler, else of the farthest edge that the new one makes needless, else of the farthest edge if
 * that is farther: one pass over 32 distances where a full prune would take hundreds. One thread at a time.
 */
final class GraphBuilder implements AutoCloseable {
    private static final int DEGREE = NodeBlockLayout.DEGREE;

    private final NodeBlocks blocks;
    private final EdgeEncoder encoder;
    private final BeamSearch search;
    private final NeighbourSelection selection;
    private final int beam;
    private final float squaredAlpha;

    GraphBuilder(NodeBlocks blocks, Rotation rotation, GraphConfig config) {
        this.blocks = blocks;
        this.encoder = new EdgeEncoder(blocks);
        this.search = new BeamSearch(blocks, rotation);
        this.selection = new NeighbourSelection(blocks, config.alpha());
        this.beam = config.buildBeam();
        this.squaredAlpha = config.alpha() * config.alpha();
    }

    /** Where the vector of the next node goes, padded with zeros. */
    float[] vector() {
        return search.vector();
    }

    /**
     * Inserts a node whose vector {@link #vector} holds.
     *
     * @param node larger than every node before
     * @param entry where to start, or -1 in an empty graph
     */
    void insert(int node, int entry) {
        blocks.prepare(node);
        search.prepare();
        MemorySegment memory = blocks.memory(node);
        long block = blocks.offset(node);
        writeVector(memory, block + blocks.layout().vectorOffset());
        if (entry >= 0) {
            search.run(entry, node, beam);
            selection.select(search);
            link(node, memory, block);
        }
        NodeBlocks.beginWrite(memory, block);
        memory.set(NodeBlocks.INT, block + NodeBlockLayout.LINKED_OFFSET, 1);
        NodeBlocks.endWrite(memory, block);
    }

    /** The node nearest to what {@link #vector} holds. */
    int nearest(int entry, int nodes) {
        search.prepare();
        int expanded = search.run(entry, nodes, beam);
        int best = 0;
        for (int i = 1; i < expanded; i++) {
            if (search.distance(i) < search.distance(best)) {
                best = i;
            }
        }
        return search.expanded(best);
    }

    @HotPath
    private void link(int node, MemorySegment memory, long block) {
        int fillers = 0;
        NodeBlocks.beginWrite(memory, block);
        for (int slot = 0; slot < selection.count(); slot++) {
            encoder.write(node, slot, selection.node(slot), selection.distance(slot));
            fillers |= selection.isFiller(slot) ? 1 << slot : 0;
        }
        memory.set(NodeBlocks.INT, block + NodeBlockLayout.FILLERS_OFFSET, fillers);
        memory.set(NodeBlocks.INT, block + NodeBlockLayout.DEGREE_OFFSET, selection.count());
        NodeBlocks.endWrite(memory, block);
        boolean reachable = false;
        for (int slot = 0; slot < selection.count(); slot++) {
            reachable |= linkBack(selection.node(slot), node, selection.distance(slot));
        }
        if (!reachable) {
            forceLinkBack(node);
        }
    }

    /**
     * Makes a node reachable that no neighbour wanted, as happens among equal vectors: the nearest neighbour gives up its
     * farthest edge, fillers first. Of equally near ones the newest does, whose edges lead to nodes that have others.
     */
    @HotPath
    private void forceLinkBack(int node) {
        int nearest = 0;
        for (int i = 1; i < selection.count(); i++) {
            boolean nearer = selection.distance(i) < selection.distance(nearest);
            boolean newer =
                    selection.distance(i) == selection.distance(nearest) && selection.node(i) > selection.node(nearest);
            nearest = nearer || newer ? i : nearest;
        }
        int from = selection.node(nearest);
        MemorySegment memory = blocks.memory(from);
        long block = blocks.offset(from);
        int fillers = memory.get(NodeBlocks.INT, block + NodeBlockLayout.FILLERS_OFFSET);
        // An unwanted node meets only full blocks: a free slot is never refused.
        int slot = farthestOf(memory, block, fillers != 0 ? fillers : -1);
        writeEdge(from, slot, node, selection.distance(nearest), fillers & ~(1 << slot));
    }

    @HotPath
    private void writeEdge(int from, int slot, int node, float distance, int fillers) {
        MemorySegment memory = blocks.memory(from);
        long block = blocks.offset(from);
        int degree = memory.get(NodeBlocks.INT, block + NodeBlockLayout.DEGREE_OFFSET);
        NodeBlocks.beginWrite(memory, block);
        encoder.write(from, slot, node, distance);
        memory.set(NodeBlocks.INT, block + NodeBlockLayout.FILLERS_OFFSET, fillers);
        memory.set(NodeBlocks.INT, block + NodeBlockLayout.DEGREE_OFFSET, Math.max(degree, slot + 1));
        NodeBlocks.endWrite(memory, block);
    }

    @HotPath
    private void writeVector(MemorySegment memory, long at) {
        float[] rotated = search.vector();
        for (int i = 0; i < rotated.length; i++) {
            memory.set(NodeBlocks.FLOAT, at + ((long) i << 2), rotated[i]);
        }
    }

    /** Adds an edge from {@code from} to the new node, if it deserves one; returns whether it did. */
    @HotPath
    private boolean linkBack(int from, int node, float distance) {
        MemorySegment memory = blocks.memory(from);
        long block = blocks.offset(from);
        int degree = memory.get(NodeBlocks.INT, block + NodeBlockLayout.DEGREE_OFFSET);
        int fillers = memory.get(NodeBlocks.INT, block + NodeBlockLayout.FILLERS_OFFSET);
        boolean needless = false;
        int farthest = 0;
        float farthestDistance = -1;
        int farthestOccluded = -1;
        float farthestOccludedDistance = -1;
        int occluded = 0;
        for (int slot = 0; slot < degree; slot++) {
            float other = distanceOf(memory, block, slot);
            float between = blocks.squaredDistance(node, neighbourOf(memory, block, slot));
            if (other > farthestDistance) {
                farthest = slot;
                farthestDistance = other;
            }
            if (other <= distance) {
                needless |= (fillers & 1 << slot) == 0 && squaredAlpha * between <= distance;
            } else if (squaredAlpha * between <= other) {
                occluded |= 1 << slot;
                if (other > farthestOccludedDistance) {
                    farthestOccluded = slot;
                    farthestOccludedDistance = other;
                }
            }
        }
        int slot;
        if (degree < DEGREE) {
            slot = degree;
        } else if (fillers != 0) {
            slot = farthestOf(memory, block, fillers);
            if (needless && distanceOf(memory, block, slot) <= distance) {
                return false;
            }
        } else if (needless) {
            return false;
        } else if (farthestOccluded >= 0) {
            slot = farthestOccluded;
        } else if (farthestDistance > distance) {
            slot = farthest;
        } else {
            return false;
        }
        int nowFillers = fillers | (needless ? 0 : occluded);
        nowFillers = needless ? nowFillers | 1 << slot : nowFillers & ~(1 << slot);
        writeEdge(from, slot, node, distance, nowFillers);
        return true;
    }

    @HotPath
    private static int farthestOf(MemorySegment memory, long block, int slots) {
        int farthest = -1;
        float farthestDistance = -1;
        for (int left = slots; left != 0; left &= left - 1) {
            int slot = Integer.numberOfTrailingZeros(left);
            float distance = distanceOf(memory, block, slot);
            if (distance > farthestDistance) {
                farthest = slot;
                farthestDistance = distance;
            }
        }
        return farthest;
    }

    @HotPath
    private static float distanceOf(MemorySegment memory, long block, int slot) {
        return memory.get(NodeBlocks.FLOAT, block + NodeBlockLayout.DISTANCE_OFFSET + ((long) slot << 2));
    }

    @HotPath
    private static int neighbourOf(MemorySegment memory, long block, int slot) {
        return memory.get(NodeBlocks.INT, block + NodeBlockLayout.NEIGHBOUR_OFFSET + ((long) slot << 2));
    }

    @Override
    public void close() {
        search.close();
    }
}
