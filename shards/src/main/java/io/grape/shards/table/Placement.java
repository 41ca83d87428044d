package io.grape.shards.table;

import java.util.Arrays;

/**
 * Which nodes hold each unit, and which of them leads it. Immutable; any thread.
 *
 * <pre>
 * slot (unit, 0)       node id of the leader
 * slot (unit, 1..RF-1) node ids of the other replicas, in no order
 * </pre>
 *
 * A slot is {@link #VACANT} where there is no node to hold the replica, or none was found yet.
 */
public final class Placement {
    /** No node. */
    public static final int VACANT = -1;

    private final int replicationFactor;
    private final int[] slots;

    /**
     * @param replicationFactor slots of a unit
     * @param slots             units x replicationFactor node ids, unit after unit; copied
     */
    public Placement(int replicationFactor, int[] slots) {
        if (replicationFactor < 1 || slots.length % replicationFactor != 0) {
            throw new IllegalArgumentException(
                    slots.length + " slots for a replication factor of " + replicationFactor);
        }
        this.replicationFactor = replicationFactor;
        this.slots = slots.clone();
    }

    /** A placement in which every slot is vacant. */
    public static Placement vacant(int units, int replicationFactor) {
        int[] slots = new int[units * replicationFactor];
        Arrays.fill(slots, VACANT);
        return new Placement(replicationFactor, slots);
    }

    /** Returns the number of units. */
    public int units() {
        return slots.length / replicationFactor;
    }

    /** Returns the number of slots of a unit. */
    public int replicationFactor() {
        return replicationFactor;
    }

    /** Returns the node in a slot, or {@link #VACANT}. */
    public int node(int unit, int slot) {
        return slots[unit * replicationFactor + slot];
    }

    /** Returns the leader of a unit, or {@link #VACANT}. */
    public int leader(int unit) {
        return node(unit, 0);
    }

    /** Returns whether a node holds a unit. */
    public boolean holds(int unit, int nodeId) {
        for (int slot = 0; slot < replicationFactor; slot++) {
            if (node(unit, slot) == nodeId) {
                return true;
            }
        }
        return false;
    }

    /** Returns a copy of all slots, unit after unit. */
    public int[] slots() {
        return slots.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Placement that
                && replicationFactor == that.replicationFactor
                && Arrays.equals(slots, that.slots);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(slots);
    }
}
