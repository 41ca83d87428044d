package io.grape.node;

import io.grape.node.config.MemberConfig;
import io.grape.node.config.NodeConfig;
import io.grape.node.groups.ClusterState;
import io.grape.node.groups.NodeRegistry;
import io.grape.transport.Peer;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The nodes of the cluster as this node knows them: those of its configuration, and what group 0's registry has changed since.
 *
 * <p>Any thread. Looked at in every turn, so the lists are made anew only when the registry is another one.
 */
final class ClusterNodes {
    private final NodeConfig config;
    private final ClusterState cluster;
    private volatile Nodes nodes;

    private record Nodes(NodeRegistry registry, List<MemberConfig> members, List<Peer> peers) {}

    ClusterNodes(NodeConfig config, ClusterState cluster) {
        this.config = config;
        this.cluster = cluster;
        this.nodes = nodes(cluster.registry());
    }

    /** Returns the nodes that clients may connect to, this one among them. */
    List<MemberConfig> members() {
        return current().members();
    }

    /** Returns the nodes that this one sends to; one that left is among them until a restart, so that it hears that it left. */
    List<Peer> peers() {
        return current().peers();
    }

    private Nodes current() {
        NodeRegistry registry = cluster.registry();
        Nodes known = nodes;
        if (known.registry().equals(registry)) {
            return known;
        }
        Nodes next = nodes(registry);
        nodes = next;
        return next;
    }

    private Nodes nodes(NodeRegistry registry) {
        Map<Integer, MemberConfig> all = new TreeMap<>();
        config.members().forEach(member -> all.put(member.nodeId(), member));
        registry.nodes().forEach((nodeId, endpoint) -> {
            if (!endpoint.isEmpty()) {
                all.put(nodeId, new MemberConfig(nodeId, endpoint, true));
            }
        });
        List<Peer> peers = all.values().stream()
                .filter(member -> member.nodeId() != config.nodeId())
                .map(member -> new Peer(member.nodeId(), member.endpoint(), member.endpoint()))
                .toList();
        List<MemberConfig> members = all.values().stream()
                .filter(member -> !registry.isRemoved(member.nodeId()))
                .toList();
        return new Nodes(registry, members, peers);
    }
}
