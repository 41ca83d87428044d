package io.grape.shards.ring;

import io.grape.codecs.GrapeException;
import io.grape.codecs.sbe.ErrorCode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * A ring of virtual nodes: each node stands at {@value #VIRTUAL_NODES} x weight places, and a shard prefers the nodes in the
 * order in which it meets them clockwise from its own place.
 *
 * <p>Karger et al., "Consistent Hashing and Random Trees" (1997). When a node joins, a shard's order changes only by the
 * new node's insertion, so what moves, moves to the new node. Places are XXH64 values compared as unsigned numbers; equal
 * places, which are next to impossible, go to the lower node id.
 *
 * <p>Immutable; any thread. Building takes O(V log V) for V virtual nodes, a preference a binary search and a short walk.
 */
public final class ConsistentHashRing {
    /** Places of a node of weight 1. */
    public static final int VIRTUAL_NODES = 256;

    /** Largest weight; bounds the memory of a ring. */
    public static final double MAX_WEIGHT = 100;

    /** Sets apart the places of shards from those of nodes. */
    private static final long SHARD_DOMAIN = -1;

    private final long[] places;
    private final int[] owners;
    private final int nodeCount;

    private ConsistentHashRing(long[] places, int[] owners, int nodeCount) {
        this.places = places;
        this.owners = owners;
        this.nodeCount = nodeCount;
    }

    /**
     * Builds the ring.
     *
     * @param weights weight of each node by node id; above 0 and at most {@link #MAX_WEIGHT}
     */
    public static ConsistentHashRing of(Map<Integer, Double> weights) {
        List<Place> sorted = new ArrayList<>();
        for (Map.Entry<Integer, Double> node : weights.entrySet()) {
            int count = virtualNodes(node.getKey(), node.getValue());
            for (int i = 0; i < count; i++) {
                // Flipping the sign bit makes the signed order that of unsigned values.
                sorted.add(new Place(RingHash.hash(node.getKey(), i) ^ Long.MIN_VALUE, node.getKey()));
            }
        }
        sorted.sort(Comparator.comparingLong(Place::value).thenComparingInt(Place::nodeId));
        long[] places = new long[sorted.size()];
        int[] owners = new int[sorted.size()];
        for (int i = 0; i < places.length; i++) {
            places[i] = sorted.get(i).value();
            owners[i] = sorted.get(i).nodeId();
        }
        return new ConsistentHashRing(places, owners, weights.size());
    }

    /** Returns the number of nodes. */
    public int nodeCount() {
        return nodeCount;
    }

    /**
     * Returns the first nodes that a shard prefers, most preferred first.
     *
     * @param shard any number that names the shard (or the group, where groups are placed)
     * @param limit at most so many; fewer when the ring has fewer nodes
     */
    public int[] preference(int shard, int limit) {
        int wanted = Math.min(limit, nodeCount);
        int[] preferred = new int[wanted];
        int found = 0;
        int at = firstPlace(shard);
        while (found < wanted) {
            int candidate = owners[at];
            if (!contains(preferred, found, candidate)) {
                preferred[found++] = candidate;
            }
            at = at + 1 == owners.length ? 0 : at + 1;
        }
        return preferred;
    }

    private int firstPlace(int shard) {
        long place = RingHash.hash(SHARD_DOMAIN, shard) ^ Long.MIN_VALUE;
        int found = Arrays.binarySearch(places, place);
        int at = found >= 0 ? found : -found - 1;
        return at == places.length ? 0 : at;
    }

    private static boolean contains(int[] values, int length, int value) {
        for (int i = 0; i < length; i++) {
            if (values[i] == value) {
                return true;
            }
        }
        return false;
    }

    private static int virtualNodes(int nodeId, double weight) {
        if (!(weight > 0 && weight <= MAX_WEIGHT)) {
            throw new GrapeException(
                    ErrorCode.INVALID_CONFIGURATION,
                    "node " + nodeId + " has weight " + weight + "; it must be above 0 and at most " + MAX_WEIGHT);
        }
        return Math.max(1, (int) Math.round(VIRTUAL_NODES * weight));
    }

    /** One virtual node; the value is the unsigned hash with its sign bit flipped. */
    private record Place(long value, int nodeId) {}
}
