package io.grape.shards.planner;

import io.grape.shards.table.Placement;
import io.grape.shards.table.Topology;

/**
 * What a plan is made from.
 *
 * @param topology the nodes that may hold units; a node that is being drained is not among them
 * @param current  where the units are now
 * @param stats    work and size of each unit
 * @param limits   when to begin and when to be content
 */
public record PlanRequest(Topology topology, Placement current, UnitStats stats, PlannerLimits limits) {
    public PlanRequest {
        if (stats.units() != current.units()) {
            throw new IllegalArgumentException(current.units() + " units and stats of " + stats.units());
        }
    }

    /** A request that knows nothing of loads and sizes. */
    public static PlanRequest of(Topology topology, Placement current) {
        return new PlanRequest(topology, current, UnitStats.unknown(current.units()), PlannerLimits.DEFAULT);
    }
}
