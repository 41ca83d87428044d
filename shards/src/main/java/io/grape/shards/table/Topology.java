package io.grape.shards.table;

import io.grape.codecs.GrapeException;
import io.grape.codecs.sbe.ErrorCode;
import io.grape.shards.ring.ConsistentHashRing;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * The nodes that may hold units, numbered from 0 by ascending id, with their zones and the ring over them.
 *
 * <p>A node without a zone is a zone of its own. Replicas of a unit are spread over zones as evenly as the zones allow:
 * with fewer zones than replicas a zone holds more than one, but never more than it must. Immutable; any thread.
 */
public final class Topology {
    private final List<NodeSpec> nodes;
    private final int[] nodeIds;
    private final int[] zoneOf;
    private final int[] zoneSizes;
    private final ConsistentHashRing ring;

    private Topology(List<NodeSpec> nodes, int[] zoneOf, int[] zoneSizes, ConsistentHashRing ring) {
        this.nodes = nodes;
        this.nodeIds = nodes.stream().mapToInt(NodeSpec::nodeId).toArray();
        this.zoneOf = zoneOf;
        this.zoneSizes = zoneSizes;
        this.ring = ring;
    }

    /** Numbers the nodes and builds their ring. At least one node; no node id twice. */
    public static Topology of(List<NodeSpec> specs) {
        List<NodeSpec> nodes = new ArrayList<>(specs);
        nodes.sort(Comparator.comparingInt(NodeSpec::nodeId));
        Map<Integer, Double> weights = new HashMap<>();
        Map<String, Integer> zones = new HashMap<>();
        int[] zoneOf = new int[nodes.size()];
        int[] sizes = new int[nodes.size()];
        for (int i = 0; i < zoneOf.length; i++) {
            NodeSpec node = nodes.get(i);
            if (weights.put(node.nodeId(), node.weight()) != null) {
                throw new GrapeException(ErrorCode.INVALID_CONFIGURATION, "node " + node.nodeId() + " is named twice");
            }
            // The line break keeps a lone node apart from a zone that is called by a number.
            String zone = node.zone().isEmpty() ? "\n" + node.nodeId() : node.zone();
            zoneOf[i] = zones.computeIfAbsent(zone, name -> zones.size());
            sizes[zoneOf[i]]++;
        }
        if (nodes.isEmpty()) {
            throw new GrapeException(ErrorCode.INVALID_CONFIGURATION, "there is no node to place anything on");
        }
        return new Topology(
                List.copyOf(nodes), zoneOf, Arrays.copyOf(sizes, zones.size()), ConsistentHashRing.of(weights));
    }

    /** Returns the number of nodes. */
    public int size() {
        return nodeIds.length;
    }

    /** Returns the nodes by ascending id. */
    public List<NodeSpec> nodes() {
        return nodes;
    }

    /** Returns the ring over the nodes. */
    public ConsistentHashRing ring() {
        return ring;
    }

    /** Returns the id of a node by its number. */
    public int nodeId(int number) {
        return nodeIds[number];
    }

    /** Returns the number of a node by its id, negative when it is not here. */
    public int numberOf(int nodeId) {
        return Arrays.binarySearch(nodeIds, nodeId);
    }

    /** Returns the zone of a node, both by number. */
    public int zoneOf(int number) {
        return zoneOf[number];
    }

    /** Returns the number of zones. */
    public int zones() {
        return zoneSizes.length;
    }

    /** Returns how many replicas a unit can have here: the replication factor, or the nodes if they are fewer. */
    public int replicas(int replicationFactor) {
        return Math.min(replicationFactor, size());
    }

    /** Returns how many replicas of one unit a zone may hold: the least with which every replica finds a place. */
    public int zoneLimit(int replicationFactor) {
        int wanted = replicas(replicationFactor);
        int limit = 0;
        int room = 0;
        while (room < wanted) {
            limit++;
            room = 0;
            for (int size : zoneSizes) {
                room += Math.min(limit, size);
            }
        }
        return limit;
    }

    /** Returns each node's share of all replicas by weight, not rounded: what deviations are measured from. */
    public double[] shares(int units, int replicationFactor) {
        int limit = zoneLimit(replicationFactor);
        double[] ofZones = Quotas.shares(units * replicas(replicationFactor), zoneWeights(), zoneCaps(units, limit));
        double[] shares = new double[size()];
        for (int zone = 0; zone < zones(); zone++) {
            int[] members = members(zone);
            double[] within = Quotas.shares(ofZones[zone], weights(members), filled(members.length, units));
            for (int i = 0; i < members.length; i++) {
                shares[members[i]] = within[i];
            }
        }
        return shares;
    }

    /**
     * Returns how many replicas each node is to hold: the shares, rounded first between zones and then within each.
     *
     * @param held what each node holds now; decides who gets the unit more where remainders are equal
     */
    public int[] quotas(int units, int replicationFactor, int[] held) {
        int limit = zoneLimit(replicationFactor);
        int[] heldByZone = new int[zones()];
        for (int node = 0; node < size(); node++) {
            heldByZone[zoneOf[node]] += held[node];
        }
        int total = units * replicas(replicationFactor);
        int[] ofZones = Quotas.divide(total, zoneWeights(), zoneCaps(units, limit), heldByZone);
        int[] quotas = new int[size()];
        for (int zone = 0; zone < zones(); zone++) {
            int[] members = members(zone);
            int[] heldHere = Arrays.stream(members).map(node -> held[node]).toArray();
            int[] within = Quotas.divide(ofZones[zone], weights(members), filled(members.length, units), heldHere);
            for (int i = 0; i < members.length; i++) {
                quotas[members[i]] = within[i];
            }
        }
        return quotas;
    }

    /**
     * Returns how many units each node is to lead.
     *
     * @param replicas how many units each node holds, and so the most it can lead
     * @param led      how many it leads now
     */
    public int[] leaderQuotas(int units, int[] replicas, int[] led) {
        return Quotas.divide(units, weights(IntStream.range(0, size()).toArray()), replicas, led);
    }

    private double[] zoneWeights() {
        double[] weights = new double[zones()];
        for (int node = 0; node < size(); node++) {
            weights[zoneOf[node]] += nodes.get(node).weight();
        }
        return weights;
    }

    private int[] zoneCaps(int units, int limit) {
        return Arrays.stream(zoneSizes)
                .map(size -> units * Math.min(limit, size))
                .toArray();
    }

    private int[] members(int zone) {
        return IntStream.range(0, size()).filter(node -> zoneOf[node] == zone).toArray();
    }

    private double[] weights(int[] members) {
        return Arrays.stream(members)
                .mapToDouble(node -> nodes.get(node).weight())
                .toArray();
    }

    private static int[] filled(int length, int value) {
        int[] values = new int[length];
        Arrays.fill(values, value);
        return values;
    }
}
