package io.grape.simulation;

import io.grape.simulation.node.Defect;

/**
 * What a run is made of, besides its seed.
 *
 * @param nodes    in the cluster
 * @param groups   data groups, beside group 0
 * @param clients  that write and read
 * @param faultsMs milliseconds in which faults happen
 * @param defect   built into every node
 */
public record SimulationConfig(int nodes, int groups, int clients, int faultsMs, Defect defect) {
    /** Checks the values. */
    public SimulationConfig {
        if (nodes < 2 || nodes > 9 || groups < 1 || groups > 16 || clients < 1 || clients > 16 || faultsMs < 1) {
            throw new IllegalArgumentException("2 to 9 nodes, 1 to 16 groups, 1 to 16 clients, some time for faults");
        }
    }

    /** Returns the defaults for a number of nodes: one data group, three clients, three seconds. */
    public static SimulationConfig of(int nodes) {
        return new SimulationConfig(nodes, 1, 3, 3_000, Defect.NONE);
    }

    /** Returns a copy with a defect. */
    public SimulationConfig with(Defect newDefect) {
        return new SimulationConfig(nodes, groups, clients, faultsMs, newDefect);
    }

    /** Returns a copy with so many data groups. */
    public SimulationConfig withGroups(int count) {
        return new SimulationConfig(nodes, count, clients, faultsMs, defect);
    }
}
