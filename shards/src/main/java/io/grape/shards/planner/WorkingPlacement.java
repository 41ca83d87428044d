package io.grape.shards.planner;

import io.grape.shards.table.Placement;
import io.grape.shards.table.Topology;
import java.util.Arrays;

/**
 * A placement that is being changed: slots hold node numbers of the topology, and each node's count is kept.
 *
 * <p>Owned by one planning; not shared.
 */
final class WorkingPlacement {
    static final int NONE = -1;

    private final Topology topology;
    private final int replicationFactor;
    private final int units;
    private final int zoneLimit;
    private final int[] slots;
    private final int[] held;
    private final int[] original;

    WorkingPlacement(Topology topology, Placement placement) {
        this.topology = topology;
        this.replicationFactor = placement.replicationFactor();
        this.units = placement.units();
        this.zoneLimit = topology.zoneLimit(replicationFactor);
        this.slots = new int[units * replicationFactor];
        this.held = new int[topology.size()];
        Arrays.fill(slots, NONE);
        for (int unit = 0; unit < units; unit++) {
            for (int slot = 0; slot < replicationFactor; slot++) {
                int number = topology.numberOf(placement.node(unit, slot));
                // A node that is gone, a zone that is too full, and a node named twice all leave the slot vacant.
                if (number >= 0 && fits(unit, NONE, number)) {
                    set(unit, slot, number);
                }
            }
        }
        this.original = slots.clone();
    }

    int units() {
        return units;
    }

    int replicationFactor() {
        return replicationFactor;
    }

    int node(int unit, int slot) {
        return slots[unit * replicationFactor + slot];
    }

    int held(int node) {
        return held[node];
    }

    int[] held() {
        return held.clone();
    }

    /** Returns the slot in which a node holds a unit, or {@link #NONE}. */
    int slotOf(int unit, int node) {
        for (int slot = 0; slot < replicationFactor; slot++) {
            if (node(unit, slot) == node) {
                return slot;
            }
        }
        return NONE;
    }

    /** Whether a unit may have a replica on {@code node} once the one on {@code leaving} is gone. */
    boolean fits(int unit, int leaving, int node) {
        int inZone = 0;
        int zone = topology.zoneOf(node);
        for (int slot = 0; slot < replicationFactor; slot++) {
            int other = node(unit, slot);
            if (other == node) {
                return false;
            }
            inZone += other >= 0 && other != leaving && topology.zoneOf(other) == zone ? 1 : 0;
        }
        return inZone < zoneLimit;
    }

    /** Puts a node into a slot; {@link #NONE} vacates it. */
    void set(int unit, int slot, int node) {
        int at = unit * replicationFactor + slot;
        if (slots[at] >= 0) {
            held[slots[at]]--;
        }
        slots[at] = node;
        if (node >= 0) {
            held[node]++;
        }
    }

    /** Whether a node holds a unit that it did not hold at first, so that it must be sent anyway. */
    boolean isFresh(int unit, int node) {
        for (int slot = 0; slot < replicationFactor; slot++) {
            if (original[unit * replicationFactor + slot] == node) {
                return false;
            }
        }
        return true;
    }

    /** Moves a unit between two nodes. */
    void move(int unit, int from, int to) {
        set(unit, slotOf(unit, from), to);
    }

    /** Returns the units that a node holds, ascending. */
    int[] unitsOf(int node) {
        int[] found = new int[held[node]];
        int next = 0;
        for (int unit = 0; next < found.length; unit++) {
            if (slotOf(unit, node) != NONE) {
                found[next++] = unit;
            }
        }
        return found;
    }

    /**
     * Returns the placement with node ids.
     *
     * @param before a replica that was there leads before one that has yet to be filled
     */
    Placement toPlacement(Placement before) {
        int[] ids = new int[slots.length];
        for (int unit = 0; unit < units; unit++) {
            for (int slot = 0; slot < replicationFactor; slot++) {
                int node = node(unit, slot);
                ids[unit * replicationFactor + slot] = node < 0 ? Placement.VACANT : topology.nodeId(node);
            }
            seatAnOldLeader(ids, unit, before);
        }
        return new Placement(replicationFactor, ids);
    }

    private void seatAnOldLeader(int[] ids, int unit, Placement before) {
        int first = unit * replicationFactor;
        for (int slot = 0; slot < replicationFactor; slot++) {
            int candidate = ids[first + slot];
            if (candidate != Placement.VACANT && before.holds(unit, candidate)) {
                ids[first + slot] = ids[first];
                ids[first] = candidate;
                return;
            }
        }
    }
}
