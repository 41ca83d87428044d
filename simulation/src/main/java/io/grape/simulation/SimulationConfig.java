package io.grape.simulation;

import io.grape.simulation.node.Defect;

/**
 * What a run is made of, besides its seed.
 *
 * @param nodes    in the cluster
 * @param clients  that write and read
 * @param faultsMs milliseconds in which faults happen
 * @param defect   built into every node
 */
public record SimulationConfig(int nodes, int clients, int faultsMs, Defect defect) {
    /** Checks the values. */
    public SimulationConfig {
        if (nodes < 2 || nodes > 9 || clients < 1 || clients > 16 || faultsMs < 1) {
            throw new IllegalArgumentException("2 to 9 nodes, 1 to 16 clients, some time for faults");
        }
    }

    /** Returns the defaults for a number of nodes: three clients, three seconds. */
    public static SimulationConfig of(int nodes) {
        return new SimulationConfig(nodes, 3, 3_000, Defect.NONE);
    }

    /** Returns a copy with a defect. */
    public SimulationConfig with(Defect newDefect) {
        return new SimulationConfig(nodes, clients, faultsMs, newDefect);
    }
}
