package io.grape.shards.planner;

import io.grape.shards.table.LeaderBalance;
import io.grape.shards.table.Placement;
import io.grape.shards.table.Topology;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Makes a plan from the state of the cluster: counts first, then load, then leaders, which cost nothing.
 *
 * <p>Pure and deterministic: no clock, no randomness, no I/O; any thread. Counts are always brought to their quotas with
 * the fewest moves; load is touched only when it deviates by more than the limits' start, and until it is below their
 * stop or nothing helps; where {@link LoadBound} says that no placement reaches the start, nothing is moved for load.
 */
public final class Planner {
    private Planner() {}

    /** Plans. */
    public static Plan plan(PlanRequest request) {
        Topology topology = request.topology();
        Placement before = request.current();
        WorkingPlacement working = new WorkingPlacement(topology, before);
        double[] loads = request.stats().loads();
        double loadBefore = new LoadBalancer(topology, working, loads).deviation();
        new CountBalancer(topology, working).balance();
        Placement counted = working.toPlacement(before);
        LoadBalancer load = new LoadBalancer(topology, working, loads);
        PlannerLimits limits = request.limits();
        double bound = LoadBound.of(topology, before.replicationFactor(), loads);
        if (load.deviation() > limits.startDeviation() && bound <= limits.startDeviation()) {
            load.balance(limits.stopDeviation(), before.units());
        }
        Placement after = LeaderBalance.balanced(topology, working.toPlacement(before));
        return new Plan(
                after,
                moves(request, counted, after),
                transfers(before, after),
                new Plan.Change(Deviation.ofReplicas(topology, before), Deviation.ofReplicas(topology, after)),
                new Plan.Change(Deviation.ofLeaders(topology, before), Deviation.ofLeaders(topology, after)),
                new Plan.Change(loadBefore, load.deviation()),
                bound,
                limits);
    }

    private static List<Move> moves(PlanRequest request, Placement counted, Placement after) {
        Placement before = request.current();
        List<Move> moves = new ArrayList<>();
        for (int unit = 0; unit < before.units(); unit++) {
            List<Integer> leaving = difference(before, after, unit);
            List<Integer> coming = difference(after, before, unit);
            for (int i = 0; i < coming.size(); i++) {
                int from = i < leaving.size() ? leaving.get(i) : Placement.VACANT;
                MoveReason reason = reason(request, counted, unit, from);
                moves.add(new Move(unit, from, coming.get(i), request.stats().bytes(unit), reason));
            }
        }
        moves.sort(Comparator.comparing(Move::reason).thenComparingInt(Move::unit));
        return moves;
    }

    private static MoveReason reason(PlanRequest request, Placement counted, int unit, int from) {
        Topology topology = request.topology();
        if (from == Placement.VACANT || topology.numberOf(from) < 0) {
            return MoveReason.REPAIR;
        }
        if (counted.holds(unit, from)) {
            return MoveReason.LOAD;
        }
        int inZone = 0;
        int zone = topology.zoneOf(topology.numberOf(from));
        for (int slot = 0; slot < request.current().replicationFactor(); slot++) {
            int node = topology.numberOf(request.current().node(unit, slot));
            inZone += node >= 0 && topology.zoneOf(node) == zone ? 1 : 0;
        }
        boolean crowded = inZone > topology.zoneLimit(request.current().replicationFactor());
        return crowded ? MoveReason.ZONE : MoveReason.COUNT;
    }

    private static List<LeaderTransfer> transfers(Placement before, Placement after) {
        List<LeaderTransfer> transfers = new ArrayList<>();
        for (int unit = 0; unit < before.units(); unit++) {
            int from = before.leader(unit);
            int to = after.leader(unit);
            if (from != to && from != Placement.VACANT && to != Placement.VACANT) {
                transfers.add(new LeaderTransfer(unit, from, to));
            }
        }
        return transfers;
    }

    /** Returns the nodes that hold a unit in the first placement and not in the second. */
    private static List<Integer> difference(Placement first, Placement second, int unit) {
        List<Integer> nodes = new ArrayList<>();
        for (int slot = 0; slot < first.replicationFactor(); slot++) {
            int node = first.node(unit, slot);
            if (node != Placement.VACANT && !second.holds(unit, node)) {
                nodes.add(node);
            }
        }
        return nodes;
    }
}
