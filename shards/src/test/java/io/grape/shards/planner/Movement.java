package io.grape.shards.planner;

import io.grape.shards.table.Placement;
import io.grape.shards.table.Topology;

/** The fewest moves that any planner could need. */
final class Movement {
    private Movement() {}

    /** What stood on nodes that are gone, and what nodes hold above the best quotas, without zones. */
    static int least(Topology topology, Placement before) {
        int[] held = new int[topology.size()];
        int lost = 0;
        for (int node : before.slots()) {
            int number = topology.numberOf(node);
            if (number >= 0) {
                held[number]++;
            } else {
                lost += node == Placement.VACANT ? 0 : 1;
            }
        }
        int[] quotas = topology.quotas(before.units(), before.replicationFactor(), held);
        int surplus = 0;
        for (int node = 0; node < held.length; node++) {
            surplus += Math.max(0, held[node] - quotas[node]);
        }
        return lost + surplus;
    }
}
