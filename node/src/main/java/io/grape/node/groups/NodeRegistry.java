package io.grape.node.groups;

import io.grape.codecs.sbe.ErrorCode;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import org.agrona.MutableDirectBuffer;

/**
 * The nodes that were added to the cluster or removed from it since it was formed; the first members are in every node's
 * configuration. Immutable.
 *
 * <pre>
 * Little-endian: int count, then by ascending id int nodeId, int endpointBytes (0 for a removed node), UTF-8 endpoint
 * </pre>
 *
 * @param nodes endpoint of each node that was added; "" for one that was removed
 */
public record NodeRegistry(Map<Integer, String> nodes) {
    /** Nobody was added or removed. */
    public static final NodeRegistry EMPTY = new NodeRegistry(Map.of());

    /** In place of an endpoint. */
    private static final String REMOVED = "";

    private static final int MAX_NODES = 64;

    /** Copies the map. */
    public NodeRegistry {
        nodes = Map.copyOf(nodes);
    }

    /** Returns whether the node was added and not removed since. */
    public boolean isAdded(int nodeId) {
        return !nodes.getOrDefault(nodeId, REMOVED).isEmpty();
    }

    /** Returns whether the node was removed and not added since. */
    public boolean isRemoved(int nodeId) {
        String endpoint = nodes.get(nodeId);
        return endpoint != null && endpoint.isEmpty();
    }

    /** Returns why a change is refused, or OK; one that was made already is OK. */
    ErrorCode judge(int nodeId, String endpoint) {
        boolean isFull = nodes.size() >= MAX_NODES && !nodes.containsKey(nodeId);
        boolean isElsewhere = isAdded(nodeId)
                && !endpoint.isEmpty()
                && !nodes.getOrDefault(nodeId, REMOVED).equals(endpoint);
        return isFull || isElsewhere ? ErrorCode.INVALID_CONFIGURATION : ErrorCode.OK;
    }

    /** Returns the registry after a change; an empty endpoint removes the node. */
    NodeRegistry with(int nodeId, String endpoint) {
        Map<Integer, String> changed = new TreeMap<>(nodes);
        changed.put(nodeId, endpoint);
        return new NodeRegistry(changed);
    }

    int encode(MutableDirectBuffer out, int offset) {
        int at = offset;
        out.putInt(at, nodes.size(), ByteOrder.LITTLE_ENDIAN);
        at += Integer.BYTES;
        for (Map.Entry<Integer, String> node : new TreeMap<>(nodes).entrySet()) {
            byte[] endpoint = node.getValue().getBytes(StandardCharsets.UTF_8);
            out.putInt(at, node.getKey(), ByteOrder.LITTLE_ENDIAN);
            out.putInt(at + Integer.BYTES, endpoint.length, ByteOrder.LITTLE_ENDIAN);
            out.putBytes(at + 2 * Integer.BYTES, endpoint);
            at += 2 * Integer.BYTES + endpoint.length;
        }
        return at;
    }

    /** Reads what {@link #encode} wrote, from a little-endian buffer. */
    static NodeRegistry decode(ByteBuffer in) {
        Map<Integer, String> nodes = new TreeMap<>();
        int count = in.getInt();
        for (int i = 0; i < count; i++) {
            int nodeId = in.getInt();
            byte[] endpoint = new byte[in.getInt()];
            in.get(endpoint);
            nodes.put(nodeId, new String(endpoint, StandardCharsets.UTF_8));
        }
        return new NodeRegistry(nodes);
    }
}
