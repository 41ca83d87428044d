package io.grape.shards.planner;

import io.grape.shards.table.Topology;
import java.util.ArrayDeque;
import java.util.Arrays;

/**
 * Brings every node to its quota with as few moves as that takes.
 *
 * <p>The least that must move is what stood on nodes that are gone and what nodes hold above their quotas, one move each.
 * Vacant slots are filled first, then surplus is handed to nodes below their quotas, where possible to a node that the
 * ring prefers. Only when no single move is legal is a chain looked for (a shortest path over nodes), which costs a move
 * more for each link.
 */
final class CountBalancer {
    private final Topology topology;
    private final WorkingPlacement working;
    private final int[] quotas;
    private final int[][] preferences;

    CountBalancer(Topology topology, WorkingPlacement working) {
        this.topology = topology;
        this.working = working;
        this.quotas = topology.quotas(working.units(), working.replicationFactor(), working.held());
        this.preferences = new int[working.units()][];
    }

    void balance() {
        fillVacancies();
        for (int pass = 0; pass < 2; pass++) {
            for (int node = 0; node < topology.size(); node++) {
                handOver(node, pass == 0);
            }
        }
        for (int node = 0; node < topology.size(); node++) {
            while (working.held(node) > quotas[node] && chain(new int[] {node}) != WorkingPlacement.NONE) {
                // Each chain takes one unit from the node.
            }
        }
    }

    private void fillVacancies() {
        int replicas = topology.replicas(working.replicationFactor());
        int[] missing = new int[working.units()];
        for (int unit = 0; unit < missing.length; unit++) {
            int present = 0;
            for (int slot = 0; slot < working.replicationFactor(); slot++) {
                present += working.node(unit, slot) >= 0 ? 1 : 0;
            }
            missing[unit] = replicas - present;
            while (missing[unit] > 0 && fillFromRing(unit)) {
                missing[unit]--;
            }
        }
        for (int unit = 0; unit < missing.length; unit++) {
            while (missing[unit] > 0) {
                fillByChain(unit);
                missing[unit]--;
            }
        }
    }

    /** Fills one vacant slot with the first node of the ring's order that fits and is below its quota. */
    private boolean fillFromRing(int unit) {
        for (int nodeId : topology.ring().preference(unit, topology.size())) {
            int node = topology.numberOf(nodeId);
            if (working.held(node) < quotas[node] && working.fits(unit, WorkingPlacement.NONE, node)) {
                working.set(unit, working.slotOf(unit, WorkingPlacement.NONE), node);
                return true;
            }
        }
        return false;
    }

    /** Fills one vacant slot with a node at its quota, and makes room there by a chain of moves. */
    private void fillByChain(int unit) {
        int[] fitting = new int[topology.size()];
        int count = 0;
        for (int node = 0; node < fitting.length; node++) {
            if (working.fits(unit, WorkingPlacement.NONE, node)) {
                fitting[count++] = node;
            }
        }
        if (count == 0) {
            throw new IllegalStateException("no node fits unit " + unit);
        }
        int source = chain(Arrays.copyOf(fitting, count));
        boolean fits = source != WorkingPlacement.NONE && working.fits(unit, WorkingPlacement.NONE, source);
        // Better one unit above a quota than one replica too few.
        working.set(unit, working.slotOf(unit, WorkingPlacement.NONE), fits ? source : lowest(unit, fitting, count));
    }

    private int lowest(int unit, int[] fitting, int count) {
        int lowest = WorkingPlacement.NONE;
        for (int i = 0; i < count; i++) {
            boolean lower = lowest == WorkingPlacement.NONE || working.held(fitting[i]) < working.held(lowest);
            if (lower && working.fits(unit, WorkingPlacement.NONE, fitting[i])) {
                lowest = fitting[i];
            }
        }
        return lowest;
    }

    /** Hands units of a node above its quota to nodes below theirs, by single moves. */
    private void handOver(int from, boolean onlyAsTheRingPrefers) {
        if (working.held(from) <= quotas[from]) {
            return;
        }
        for (int unit : working.unitsOf(from)) {
            if (working.held(from) == quotas[from]) {
                return;
            }
            int to = onlyAsTheRingPrefers ? preferredTaker(unit, from) : anyTaker(unit, from);
            if (to != WorkingPlacement.NONE) {
                working.move(unit, from, to);
            }
        }
    }

    private int preferredTaker(int unit, int from) {
        int[] preferred = preferences(unit);
        for (int nodeId : preferred) {
            if (nodeId == topology.nodeId(from)) {
                return WorkingPlacement.NONE;
            }
        }
        for (int nodeId : preferred) {
            int node = topology.numberOf(nodeId);
            if (working.held(node) < quotas[node] && working.fits(unit, from, node)) {
                return node;
            }
        }
        return WorkingPlacement.NONE;
    }

    private int anyTaker(int unit, int from) {
        for (int node = 0; node < quotas.length; node++) {
            if (working.held(node) < quotas[node] && working.fits(unit, from, node)) {
                return node;
            }
        }
        return WorkingPlacement.NONE;
    }

    private int[] preferences(int unit) {
        if (preferences[unit] == null) {
            preferences[unit] = topology.ring().preference(unit, working.replicationFactor());
        }
        return preferences[unit];
    }

    /**
     * Makes room on one of the sources by moving along a cheapest path to a node below its quota.
     *
     * <p>A link costs nothing when its unit moves in this plan anyway, and one move otherwise: Dijkstra's algorithm with
     * the lengths 0 and 1, for which a double-ended queue is enough.
     *
     * @return the source that now holds one unit less, or {@link WorkingPlacement#NONE} when there is no path
     */
    private int chain(int[] sources) {
        int[] unitTo = new int[topology.size()];
        int[] cameFrom = new int[topology.size()];
        int[] cost = new int[topology.size()];
        boolean[] settled = new boolean[topology.size()];
        ArrayDeque<Integer> queue = new ArrayDeque<>();
        Arrays.fill(cost, Integer.MAX_VALUE);
        for (int source : sources) {
            cost[source] = 0;
            cameFrom[source] = WorkingPlacement.NONE;
            queue.add(source);
        }
        while (!queue.isEmpty()) {
            int from = queue.remove();
            if (settled[from]) {
                continue;
            }
            settled[from] = true;
            if (cameFrom[from] != WorkingPlacement.NONE && working.held(from) < quotas[from]) {
                return follow(from, unitTo, cameFrom);
            }
            for (int unit : working.unitsOf(from)) {
                int length = working.isFresh(unit, from) ? 0 : 1;
                for (int to = 0; to < settled.length; to++) {
                    if (cost[from] + length < cost[to] && working.fits(unit, from, to)) {
                        cost[to] = cost[from] + length;
                        unitTo[to] = unit;
                        cameFrom[to] = from;
                        enqueue(queue, to, length);
                    }
                }
            }
        }
        return WorkingPlacement.NONE;
    }

    private static void enqueue(ArrayDeque<Integer> queue, int node, int length) {
        if (length == 0) {
            queue.addFirst(node);
        } else {
            queue.addLast(node);
        }
    }

    /** Moves along a path from its end; a link that an earlier one has made illegal ends the walk. */
    private int follow(int end, int[] unitTo, int[] cameFrom) {
        int to = end;
        while (cameFrom[to] != WorkingPlacement.NONE) {
            if (!working.fits(unitTo[to], cameFrom[to], to)) {
                return WorkingPlacement.NONE;
            }
            working.move(unitTo[to], cameFrom[to], to);
            to = cameFrom[to];
        }
        return to;
    }
}
