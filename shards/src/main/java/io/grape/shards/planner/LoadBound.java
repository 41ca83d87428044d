package io.grape.shards.planner;

import io.grape.shards.table.NodeSpec;
import io.grape.shards.table.Topology;
import java.util.Arrays;

/**
 * How far above its share the hottest node stays in any placement: a lower bound, by counting.
 *
 * <p>The k heaviest units have {@code k x RF} replicas. Once there are more of these than {@code c} for each node, some node
 * holds {@code c + 1} of them and works at least {@code c + 1} times the k-th load. The largest such figure, against the
 * share of the heaviest node by weight, bounds the deviation from below. Where the bound is above the goal, moving data
 * cannot reach it: the load of one unit is the matter, and read replicas or a split are the answer.
 */
final class LoadBound {
    private LoadBound() {}

    /** Returns the bound as a deviation; 0.1 is 10 % above the share, 0 says nothing. */
    static double of(Topology topology, int replicationFactor, double[] loads) {
        double[] descending = loads.clone();
        Arrays.sort(descending);
        for (int i = 0; i < descending.length / 2; i++) {
            double load = descending[i];
            descending[i] = descending[descending.length - 1 - i];
            descending[descending.length - 1 - i] = load;
        }
        int replicas = topology.replicas(replicationFactor);
        double weight = topology.nodes().stream().mapToDouble(NodeSpec::weight).sum();
        double heaviest =
                topology.nodes().stream().mapToDouble(NodeSpec::weight).max().orElse(1);
        double largestShare = Arrays.stream(loads).sum() * replicas * heaviest / weight;
        if (largestShare == 0) {
            return 0;
        }
        double most = 0;
        for (int onOneNode = 1; ; onOneNode++) {
            // The fewest heavy units of which some node must hold so many.
            int k = (onOneNode - 1) * topology.size() / replicas + 1;
            if (k > descending.length) {
                return Math.max(0, most / largestShare - 1);
            }
            most = Math.max(most, onOneNode * descending[k - 1]);
        }
    }
}
