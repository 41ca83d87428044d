package io.grape.shards.planner;

import io.grape.shards.table.NodeSpec;
import io.grape.shards.table.Topology;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * Brings hot nodes down to their share of the work by exchanging a unit of theirs with a colder one of another node.
 *
 * <p>Exchanges keep the counts that the quotas gave. Each one is between the hottest node and another, and is the legal
 * pair that lowers the hotter of the two the most; the search ends when the deviation is small enough or when no exchange
 * with any node lowers the hottest one. That is a local optimum, not the best of all.
 */
final class LoadBalancer {
    /** An exchange has to be worth its two moves: at least this part of the share of the node that it relieves. */
    private static final double LEAST_GAIN = 0.001;

    private final WorkingPlacement working;
    private final double[] loads;
    private final double[] shares;
    private final double[] nodeLoads;

    LoadBalancer(Topology topology, WorkingPlacement working, double[] loads) {
        this.working = working;
        this.loads = loads;
        this.nodeLoads = new double[topology.size()];
        for (int unit = 0; unit < working.units(); unit++) {
            for (int slot = 0; slot < working.replicationFactor(); slot++) {
                if (working.node(unit, slot) >= 0) {
                    nodeLoads[working.node(unit, slot)] += loads[unit];
                }
            }
        }
        double total = Arrays.stream(nodeLoads).sum();
        double weight = topology.nodes().stream().mapToDouble(NodeSpec::weight).sum();
        this.shares = topology.nodes().stream()
                .mapToDouble(node -> total * node.weight() / weight)
                .toArray();
    }

    /** Returns how far the hottest node is above its share; 0.1 is 10 %. */
    double deviation() {
        double hottest =
                IntStream.range(0, shares.length).mapToDouble(this::ratio).max().orElse(0);
        return Math.max(0, hottest - 1);
    }

    /**
     * Exchanges until the deviation is below {@code enough}, nothing helps, or so many units have moved.
     *
     * @return number of exchanges
     */
    int balance(double enough, int maxExchanges) {
        int exchanges = 0;
        while (exchanges < maxExchanges && deviation() > enough && exchangeOnce()) {
            exchanges++;
        }
        return exchanges;
    }

    private boolean exchangeOnce() {
        int[] byHeat = IntStream.range(0, shares.length)
                .boxed()
                .sorted(Comparator.<Integer>comparingDouble(this::ratio).thenComparingInt(node -> node))
                .mapToInt(Integer::intValue)
                .toArray();
        int hot = byHeat[byHeat.length - 1];
        int[] hotUnits = working.unitsOf(hot);
        for (int i = 0; i < byHeat.length - 1; i++) {
            if (exchange(hot, hotUnits, byHeat[i])) {
                return true;
            }
        }
        return false;
    }

    /** Makes the best legal exchange between two nodes; false when none is worth it. */
    private boolean exchange(int hot, int[] hotUnits, int cold) {
        // What has to pass from hot to cold to make their ratios equal.
        double wanted = (nodeLoads[hot] * shares[cold] - nodeLoads[cold] * shares[hot]) / (shares[hot] + shares[cold]);
        int[] coldUnits = IntStream.of(working.unitsOf(cold))
                .boxed()
                .sorted(Comparator.<Integer>comparingDouble(unit -> loads[unit]).thenComparingInt(unit -> unit))
                .mapToInt(Integer::intValue)
                .toArray();
        double bestMiss = wanted - LEAST_GAIN * shares[hot];
        int given = WorkingPlacement.NONE;
        int taken = WorkingPlacement.NONE;
        for (int unit : hotUnits) {
            int near = lowerBound(coldUnits, loads[unit] - wanted);
            for (int direction = -1; direction <= 1; direction += 2) {
                // Outwards from the ideal partner, until one is legal or none can be better than the best so far.
                int at = direction < 0 ? near - 1 : near;
                while (at >= 0 && at < coldUnits.length && miss(unit, coldUnits[at], wanted) < bestMiss) {
                    if (canExchange(unit, hot, coldUnits[at], cold)) {
                        bestMiss = miss(unit, coldUnits[at], wanted);
                        given = unit;
                        taken = coldUnits[at];
                    }
                    at += direction;
                }
            }
        }
        if (given == WorkingPlacement.NONE) {
            return false;
        }
        working.move(given, hot, cold);
        working.move(taken, cold, hot);
        nodeLoads[hot] += loads[taken] - loads[given];
        nodeLoads[cold] += loads[given] - loads[taken];
        return true;
    }

    private double miss(int given, int taken, double wanted) {
        return Math.abs(loads[given] - loads[taken] - wanted);
    }

    private boolean canExchange(int given, int hot, int taken, int cold) {
        return working.fits(given, hot, cold) && working.fits(taken, cold, hot);
    }

    private int lowerBound(int[] units, double load) {
        int low = 0;
        int high = units.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (loads[units[middle]] < load) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    private double ratio(int node) {
        return shares[node] == 0 ? 1 : nodeLoads[node] / shares[node];
    }
}
