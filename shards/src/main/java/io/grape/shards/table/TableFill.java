package io.grape.shards.table;

import java.util.Arrays;

/**
 * Fills an empty table: every unit takes the nodes that the ring prefers for it, under quotas that end exactly full.
 *
 * <p>A ring alone deviates by 12 % at 1024 shards on 50 nodes however many virtual nodes it has; quotas alone forget the
 * ring, and with it the small movement when nodes come and go. So each unit walks the ring's order and takes the first
 * nodes that have room, except where the quotas force its hand: a node that still needs as many units as there are left
 * takes each of them, and so does a zone. With that rule a walk over all units never gets stuck, because node and zone
 * bounds are nested (a laminar family), and what is left always has a whole solution while each bound holds.
 */
public final class TableFill {
    private final Topology topology;
    private final int units;
    private final int replicas;
    private final int zoneLimit;
    private final int[] nodeRoom;
    private final int[] zoneRoom;
    private final int[] zoneTaken;
    private final int[] chosen;

    private TableFill(Topology topology, int units, int replicationFactor) {
        this.topology = topology;
        this.units = units;
        this.replicas = topology.replicas(replicationFactor);
        this.zoneLimit = topology.zoneLimit(replicationFactor);
        this.nodeRoom = topology.quotas(units, replicationFactor, new int[topology.size()]);
        this.zoneRoom = new int[topology.zones()];
        this.zoneTaken = new int[topology.zones()];
        this.chosen = new int[replicas];
        for (int node = 0; node < nodeRoom.length; node++) {
            zoneRoom[topology.zoneOf(node)] += nodeRoom[node];
        }
    }

    /**
     * Places every unit, with leaders as even as replicas.
     *
     * @param topology          the nodes
     * @param units             shards or groups to place
     * @param replicationFactor replicas wanted of each; slots that the nodes cannot fill stay vacant
     */
    public static Placement fill(Topology topology, int units, int replicationFactor) {
        TableFill fill = new TableFill(topology, units, replicationFactor);
        int[] slots = new int[units * replicationFactor];
        Arrays.fill(slots, Placement.VACANT);
        for (int unit = 0; unit < units; unit++) {
            fill.choose(unit);
            for (int slot = 0; slot < fill.replicas; slot++) {
                slots[unit * replicationFactor + slot] = topology.nodeId(fill.chosen[slot]);
            }
        }
        return LeaderBalance.balanced(topology, new Placement(replicationFactor, slots));
    }

    /** Chooses the nodes of one unit into {@link #chosen}, in the order of the ring. */
    private void choose(int unit) {
        int left = units - unit;
        int[] preferred = topology.ring().preference(unit, topology.size());
        boolean[] taken = new boolean[topology.size()];
        Arrays.fill(zoneTaken, 0);
        int count = 0;
        for (int node = 0; node < nodeRoom.length; node++) {
            // Must be in every unit that is left.
            count += nodeRoom[node] == left ? take(node, taken) : 0;
        }
        for (int pass = 0; pass < 2; pass++) {
            for (int i = 0; i < preferred.length && count < replicas; i++) {
                int node = topology.numberOf(preferred[i]);
                boolean wanted = pass == 1 || zoneIsBehind(topology.zoneOf(node), left);
                count += wanted && canTake(node, taken) ? take(node, taken) : 0;
            }
        }
        if (count != replicas) {
            throw new IllegalStateException("unit " + unit + " found " + count + " of " + replicas + " nodes");
        }
        int next = 0;
        for (int nodeId : preferred) {
            int node = topology.numberOf(nodeId);
            if (taken[node]) {
                chosen[next++] = node;
            }
        }
    }

    /** Whether the zone could not place its room any more if this unit took none of it. */
    private boolean zoneIsBehind(int zone, int left) {
        return zoneRoom[zone] > zoneLimit * (left - 1);
    }

    private boolean canTake(int node, boolean[] taken) {
        return !taken[node] && nodeRoom[node] > 0 && zoneTaken[topology.zoneOf(node)] < zoneLimit;
    }

    private int take(int node, boolean[] taken) {
        int zone = topology.zoneOf(node);
        taken[node] = true;
        nodeRoom[node]--;
        zoneRoom[zone]--;
        zoneTaken[zone]++;
        return 1;
    }
}
