package io.grape.shards.replicas;

import io.grape.shards.planner.Move;
import io.grape.shards.planner.Plan;
import io.grape.shards.planner.PlanRequest;
import io.grape.shards.planner.Planner;
import io.grape.shards.planner.PlannerLimits;
import io.grape.shards.planner.UnitStats;
import io.grape.shards.table.NodeSpec;
import io.grape.shards.table.Placement;
import io.grape.shards.table.Topology;
import java.util.ArrayList;
import java.util.List;

/**
 * Where the replicas of a node go that is to be emptied, or that stays down: the plan of a cluster without it.
 *
 * <p>Pure; any thread.
 */
public final class NodeDrain {
    private NodeDrain() {}

    /** A drain that has a place for everything, or what it has none for. */
    public record Result(List<ReplicaMove> moves, List<Integer> groupsWithoutPlace) {
        public Result {
            moves = List.copyOf(moves);
            groupsWithoutPlace = List.copyOf(groupsWithoutPlace);
        }

        /** Returns whether the node can be emptied with every group keeping its number of replicas. */
        public boolean isPossible() {
            return groupsWithoutPlace.isEmpty();
        }
    }

    /**
     * Plans.
     *
     * @param nodes     all nodes, the one to be emptied too
     * @param groupIds  id of each unit of the placement
     * @param placement where replicas stand
     * @param bytes     size of each group
     * @param nodeId    to be emptied
     */
    public static Result plan(List<NodeSpec> nodes, int[] groupIds, Placement placement, long[] bytes, int nodeId) {
        List<NodeSpec> rest =
                nodes.stream().filter(node -> node.nodeId() != nodeId).toList();
        List<ReplicaMove> moves = new ArrayList<>();
        List<Integer> stuck = new ArrayList<>();
        if (rest.isEmpty()) {
            for (int unit = 0; unit < placement.units(); unit++) {
                stuck.add(groupIds[unit]);
            }
            return new Result(moves, stuck);
        }
        UnitStats stats = new UnitStats(new double[groupIds.length], bytes);
        Plan plan = Planner.plan(new PlanRequest(Topology.of(rest), placement, stats, PlannerLimits.DEFAULT));
        for (int unit = 0; unit < placement.units(); unit++) {
            if (placement.holds(unit, nodeId)) {
                int to = target(plan, unit, nodeId);
                if (to == Placement.VACANT) {
                    stuck.add(groupIds[unit]);
                } else {
                    moves.add(new ReplicaMove(groupIds[unit], nodeId, to));
                }
            }
        }
        return new Result(moves, stuck);
    }

    private static int target(Plan plan, int unit, int nodeId) {
        for (Move move : plan.moves()) {
            if (move.unit() == unit && move.from() == nodeId) {
                return move.to();
            }
        }
        return Placement.VACANT;
    }
}
