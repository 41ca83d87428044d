package io.grape.node.config;

import io.grape.codecs.GrapeException;
import io.grape.codecs.sbe.ErrorCode;
import io.grape.raft.journal.SyncPolicy;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Everything a node must be told. {@link NodeConfigFile} reads it from YAML; {@link #single} needs nothing.
 *
 * @param nodeId        this node; one of the members
 * @param members       all voters of the cluster, this node among them
 * @param dataDirectory where its journal and vectors lie; belongs to this node alone
 * @param syncPolicy    when a write counts as durable
 * @param timing        intervals and timeouts
 * @param journal       sizes of the journal
 * @param aeron         media driver
 * @param limits        what is accepted
 * @param groups        how points are divided
 * @param index         graphs of the collections
 */
public record NodeConfig(
        int nodeId,
        List<MemberConfig> members,
        Path dataDirectory,
        SyncPolicy syncPolicy,
        NodeTiming timing,
        JournalSettings journal,
        AeronSettings aeron,
        NodeLimits limits,
        GroupSettings groups,
        IndexSettings index) {
    /** Port of a node that is told nothing else. */
    public static final int DEFAULT_PORT = 9410;

    private static final int MAX_NODE_ID = 32_767;

    /** Checks the values and copies the list. */
    public NodeConfig {
        members = List.copyOf(members);
        Set<Integer> ids = members.stream().map(MemberConfig::nodeId).collect(Collectors.toSet());
        Set<String> endpoints = members.stream().map(MemberConfig::endpoint).collect(Collectors.toSet());
        if (ids.size() != members.size() || endpoints.size() != members.size()) {
            throw invalid("cluster.members: two members have the same id or the same endpoint");
        }
        if (!ids.contains(nodeId)) {
            throw invalid("node.id: " + nodeId + " is not among cluster.members " + ids);
        }
        for (int id : ids) {
            if (id < 0 || id > MAX_NODE_ID) {
                throw invalid("cluster.members: id " + id + " is not between 0 and " + MAX_NODE_ID);
            }
        }
        for (String endpoint : endpoints) {
            checkEndpoint(endpoint);
        }
        if (members.stream().allMatch(MemberConfig::joining)) {
            throw invalid("cluster.members: a node that joins needs the members that the cluster was formed with");
        }
        if (members.size() > 9) {
            throw invalid("cluster.members: at most 9 voters");
        }
    }

    /** Tells whether a node may have this number and endpoint; an empty endpoint is that of a node that leaves. */
    public static boolean isNode(int nodeId, String endpoint) {
        return nodeId >= 0 && nodeId <= MAX_NODE_ID && (endpoint.isEmpty() || portOf(endpoint) > 0);
    }

    /** Returns the members that the cluster was formed with, in ascending order of their ids. */
    public List<Integer> founders() {
        return members.stream()
                .filter(member -> !member.joining())
                .map(MemberConfig::nodeId)
                .sorted()
                .toList();
    }

    private static void checkEndpoint(String endpoint) {
        if (portOf(endpoint) < 0) {
            throw invalid("cluster.members: endpoint '" + endpoint + "' is not host:port");
        }
    }

    private static int portOf(String endpoint) {
        int colon = endpoint.lastIndexOf(':');
        int port = -1;
        if (colon > 0 && endpoint.substring(colon + 1).matches("\\d{1,5}")) {
            port = Integer.parseInt(endpoint.substring(colon + 1));
        }
        return port < 1 || port > 65_535 ? -1 : port;
    }

    static GrapeException invalid(String text) {
        return new GrapeException(ErrorCode.INVALID_CONFIGURATION, text);
    }

    /** Returns a cluster of one on loopback, forcing every batch to disk. */
    public static NodeConfig single(Path dataDirectory, int port) {
        return new NodeConfig(
                0,
                List.of(new MemberConfig(0, "localhost:" + port)),
                dataDirectory,
                SyncPolicy.FORCE,
                NodeTiming.defaults(),
                JournalSettings.defaults(),
                AeronSettings.embedded(),
                NodeLimits.defaults(),
                GroupSettings.defaults(),
                IndexSettings.defaults());
    }

    /** Returns the same with other graphs. */
    public NodeConfig withIndex(IndexSettings other) {
        return new NodeConfig(
                nodeId, members, dataDirectory, syncPolicy, timing, journal, aeron, limits, groups, other);
    }

    /** Returns the number of data groups. */
    public int groupCount() {
        return groups.groups() == GroupSettings.ONE_A_MEMBER
                ? Math.min(founders().size(), groups.shards())
                : groups.groups();
    }

    /** Returns this node's endpoint. */
    public String endpoint() {
        for (MemberConfig member : members) {
            if (member.nodeId() == nodeId) {
                return member.endpoint();
            }
        }
        throw new IllegalStateException("checked in the constructor");
    }

    /** Returns the node ids of all members, this node's among them, in ascending order. */
    public int[] memberIds() {
        return members.stream().mapToInt(MemberConfig::nodeId).sorted().toArray();
    }
}
