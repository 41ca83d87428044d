package io.grape.raft.core.lives;

import io.grape.codecs.HotPath;
import java.util.Arrays;

/**
 * What is known of each node's lives: the disk that is the node, and the latest life of it.
 *
 * <p>A handful of nodes, so looking one up is a walk over an array. Grows when a node is new; allocates nothing otherwise.
 */
public final class LifeTable {
    /** No such node. */
    public static final int NULL_SLOT = -1;

    /** The latest life of the node's disk is known. */
    public static final int KNOWN = 0;

    /** This node itself: it belongs to the group and may vote. */
    public static final int FORMED = 1;

    /** The disk holds less than it once acknowledged; it is heard no more. */
    public static final int EXCLUDED = 2;

    /** Nothing is known any more. */
    public static final int FORGOTTEN = 3;

    private int[] nodes = {};
    private long[] disks = {};
    private long[] incarnations = {};
    private int[] states = {};
    private int count;

    /** Creates a table that knows nobody. */
    public LifeTable() {}

    /** Notes what is known of a node; {@link #FORGOTTEN} removes it. */
    public void put(int nodeId, long diskId, long incarnation, int state) {
        int slot = find(nodeId);
        if (state == FORGOTTEN) {
            remove(slot);
            return;
        }
        if (slot == NULL_SLOT) {
            slot = add(nodeId);
        }
        disks[slot] = diskId;
        incarnations[slot] = incarnation;
        states[slot] = state;
    }

    private int add(int nodeId) {
        if (count == nodes.length) {
            int capacity = Math.max(4, count * 2);
            nodes = Arrays.copyOf(nodes, capacity);
            disks = Arrays.copyOf(disks, capacity);
            incarnations = Arrays.copyOf(incarnations, capacity);
            states = Arrays.copyOf(states, capacity);
        }
        nodes[count] = nodeId;
        return count++;
    }

    private void remove(int slot) {
        if (slot != NULL_SLOT) {
            int moved = count - slot - 1;
            System.arraycopy(nodes, slot + 1, nodes, slot, moved);
            System.arraycopy(disks, slot + 1, disks, slot, moved);
            System.arraycopy(incarnations, slot + 1, incarnations, slot, moved);
            System.arraycopy(states, slot + 1, states, slot, moved);
            count--;
        }
    }

    /** Becomes a copy of another table. */
    public void set(LifeTable other) {
        count = 0;
        for (int slot = 0; slot < other.count; slot++) {
            put(other.nodes[slot], other.disks[slot], other.incarnations[slot], other.states[slot]);
        }
    }

    /** Returns the slot of a node, or {@link #NULL_SLOT}. */
    @HotPath
    public int find(int nodeId) {
        for (int slot = 0; slot < count; slot++) {
            if (nodes[slot] == nodeId) {
                return slot;
            }
        }
        return NULL_SLOT;
    }

    /** Returns how many nodes are known. */
    @HotPath
    public int count() {
        return count;
    }

    /** Returns the node of a slot. */
    @HotPath
    public int nodeId(int slot) {
        return nodes[slot];
    }

    /** Returns the disk that is the node; 0 if it never said. */
    @HotPath
    public long diskId(int slot) {
        return disks[slot];
    }

    /** Returns the latest life of that disk. */
    @HotPath
    public long incarnation(int slot) {
        return incarnations[slot];
    }

    /** Returns {@link #KNOWN}, {@link #FORMED} or {@link #EXCLUDED}. */
    @HotPath
    public int state(int slot) {
        return states[slot];
    }
}
