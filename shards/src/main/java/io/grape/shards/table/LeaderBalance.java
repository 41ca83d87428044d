package io.grape.shards.table;

import java.util.ArrayDeque;
import java.util.Arrays;

/**
 * Chooses leaders among the replicas so that each node leads its share, with few transfers.
 *
 * <p>A unit may be led by any node that holds it, so leadership is a flow from units to nodes: while a node leads more than
 * its quota, a shortest chain of transfers is looked for that ends at a node that leads less (an augmenting path), and
 * applied. Each chain takes one unit from the first and gives one to the last. Transfers move no data.
 */
public final class LeaderBalance {
    private final Topology topology;
    private final int replicationFactor;
    private final int[] slots;
    private final int units;
    private final int[] led;
    private final int[] quotas;

    private LeaderBalance(Topology topology, Placement placement) {
        this.topology = topology;
        this.replicationFactor = placement.replicationFactor();
        this.units = placement.units();
        this.slots = Arrays.stream(placement.slots()).map(topology::numberOf).toArray();
        this.led = new int[topology.size()];
        int[] held = new int[topology.size()];
        for (int unit = 0; unit < units; unit++) {
            seatALeader(unit);
            for (int slot = 0; slot < replicationFactor; slot++) {
                int node = slots[unit * replicationFactor + slot];
                if (node >= 0) {
                    held[node]++;
                    led[node] += slot == 0 ? 1 : 0;
                }
            }
        }
        this.quotas = topology.leaderQuotas(Arrays.stream(led).sum(), held, led);
    }

    /**
     * Returns the same replicas with balanced leaders. A slot that holds a node which the topology does not know is vacant
     * in the result.
     */
    public static Placement balanced(Topology topology, Placement placement) {
        LeaderBalance balance = new LeaderBalance(topology, placement);
        while (balance.augment()) {
            // Each round moves one leadership from a node above its quota to one below.
        }
        int[] ids = Arrays.stream(balance.slots)
                .map(node -> node < 0 ? Placement.VACANT : topology.nodeId(node))
                .toArray();
        return new Placement(placement.replicationFactor(), ids);
    }

    /** Gives a unit whose first slot is vacant the first replica that it has as its leader. */
    private void seatALeader(int unit) {
        int first = unit * replicationFactor;
        for (int slot = 1; slots[first] < 0 && slot < replicationFactor; slot++) {
            swap(first, first + slot);
        }
    }

    /** Finds and applies one chain of transfers; false when there is none. */
    private boolean augment() {
        int[] unitTo = new int[topology.size()];
        boolean[] reached = new boolean[topology.size()];
        ArrayDeque<Integer> queue = new ArrayDeque<>();
        for (int node = 0; node < led.length; node++) {
            if (led[node] > quotas[node]) {
                reached[node] = true;
                unitTo[node] = -1;
                queue.add(node);
            }
        }
        int[][] ledBy = ledBy();
        while (!queue.isEmpty()) {
            int from = queue.remove();
            for (int unit : ledBy[from]) {
                for (int slot = 1; slot < replicationFactor; slot++) {
                    int to = slots[unit * replicationFactor + slot];
                    if (to >= 0 && !reached[to]) {
                        reached[to] = true;
                        unitTo[to] = unit;
                        if (led[to] < quotas[to]) {
                            apply(to, unitTo);
                            return true;
                        }
                        queue.add(to);
                    }
                }
            }
        }
        return false;
    }

    private void apply(int end, int[] unitTo) {
        led[end]++;
        int node = end;
        while (unitTo[node] >= 0) {
            int first = unitTo[node] * replicationFactor;
            int leader = slots[first];
            int at = first + 1;
            while (slots[at] != node) {
                at++;
            }
            swap(first, at);
            node = leader;
        }
        led[node]--;
    }

    private int[][] ledBy() {
        int[][] units = new int[topology.size()][];
        int[] filled = new int[topology.size()];
        for (int node = 0; node < units.length; node++) {
            units[node] = new int[led[node]];
        }
        for (int unit = 0; unit < this.units; unit++) {
            int leader = slots[unit * replicationFactor];
            if (leader >= 0) {
                units[leader][filled[leader]++] = unit;
            }
        }
        return units;
    }

    private void swap(int a, int b) {
        int node = slots[a];
        slots[a] = slots[b];
        slots[b] = node;
    }
}
