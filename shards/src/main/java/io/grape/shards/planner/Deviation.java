package io.grape.shards.planner;

import io.grape.shards.table.Placement;
import io.grape.shards.table.Topology;

/** How far nodes are from their shares; 0.1 is 10 % of the share. */
final class Deviation {
    private Deviation() {}

    /** Returns the largest distance of a node's number of replicas from its share. */
    static double ofReplicas(Topology topology, Placement placement) {
        int[] held = new int[topology.size()];
        for (int unit = 0; unit < placement.units(); unit++) {
            for (int slot = 0; slot < placement.replicationFactor(); slot++) {
                int node = topology.numberOf(placement.node(unit, slot));
                if (node >= 0) {
                    held[node]++;
                }
            }
        }
        return largest(held, topology.shares(placement.units(), placement.replicationFactor()));
    }

    /** Returns the largest distance of a node's number of led units from its share. */
    static double ofLeaders(Topology topology, Placement placement) {
        int[] led = new int[topology.size()];
        for (int unit = 0; unit < placement.units(); unit++) {
            int node = topology.numberOf(placement.leader(unit));
            if (node >= 0) {
                led[node]++;
            }
        }
        return largest(led, topology.shares(placement.units(), 1));
    }

    private static double largest(int[] counts, double[] shares) {
        double largest = 0;
        for (int node = 0; node < counts.length; node++) {
            largest = Math.max(largest, Math.abs(counts[node] - shares[node]) / shares[node]);
        }
        return largest;
    }
}
