package io.grape.node.cli;

import io.grape.client.GrapeClient;
import io.grape.client.NodeStatus;
import io.grape.codecs.GrapeException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Help.Ansi;
import tools.jackson.core.JsonGenerator;

/**
 * What the nodes of a cluster said of themselves, at one moment or nearly so.
 *
 * @param nodes by ascending id
 */
record ClusterReport(List<Node> nodes) {
    private static final String ROW = "%4s  %-9s %6s %10s %8s %10s %10s %10s  %-16s %8s  %-6s %s%n";

    /**
     * One node.
     *
     * @param nodeId  the node
     * @param status  what it said; null if it did not answer
     * @param problem why not
     */
    record Node(int nodeId, @Nullable NodeStatus status, String problem) {}

    /** Asks every member. */
    static ClusterReport of(GrapeClient client) {
        List<Node> nodes = new ArrayList<>();
        for (int nodeId : client.memberIds()) {
            try {
                nodes.add(new Node(nodeId, client.node(nodeId).status(), ""));
            } catch (GrapeException unreachable) {
                nodes.add(new Node(nodeId, null, unreachable.code() + ": " + unreachable.getMessage()));
            }
        }
        return new ClusterReport(nodes);
    }

    List<NodeStatus> answers() {
        return nodes.stream().map(Node::status).filter(Objects::nonNull).toList();
    }

    boolean isComplete() {
        return answers().size() == nodes.size();
    }

    /** Green: all answer and agree on a leader; yellow: a majority does; red: no majority has a leader. */
    String health() {
        long led = answers().stream()
                .filter(status -> status.leaderNodeId() >= 0 && status.leaderNodeId() == leaderNodeId())
                .count();
        if (led == nodes.size()) {
            return "green";
        }
        return led > nodes.size() / 2 ? "yellow" : "red";
    }

    /** Returns the leader of the newest term that a node knows of, or -1. */
    int leaderNodeId() {
        NodeStatus newest = null;
        for (NodeStatus status : answers()) {
            if (status.leaderNodeId() >= 0 && (newest == null || status.term() > newest.term())) {
                newest = status;
            }
        }
        return newest == null ? -1 : newest.leaderNodeId();
    }

    private long commitIndex() {
        return answers().stream().mapToLong(NodeStatus::commitIndex).max().orElse(0);
    }

    private long lag(NodeStatus status) {
        return Math.max(0, commitIndex() - status.appliedIndex());
    }

    private long greatestLag() {
        return answers().stream().mapToLong(this::lag).max().orElse(0);
    }

    /** Prints a line for the cluster and one for each node. */
    void print(PrintWriter out, Ansi ansi) {
        String colour = switch (health()) {
            case "green" -> "green";
            case "yellow" -> "yellow";
            default -> "red";
        };
        out.println(ansi.string(
                "@|bold," + colour + " " + health() + "|@  " + answers().size() + " of " + nodes.size()
                        + " nodes answer, " + (leaderNodeId() < 0 ? "no leader" : "node " + leaderNodeId() + " leads")
                        + ", greatest lag " + greatestLag() + " entries"));
        out.printf(
                ROW,
                "node",
                "role",
                "term",
                "applied",
                "lag",
                "commit",
                "durable",
                "points",
                "state hash",
                "pid",
                "sync",
                "data");
        for (Node node : nodes) {
            NodeStatus status = node.status();
            if (status == null) {
                out.println(ansi.string("@|red " + String.format(Locale.ROOT, "%4d", node.nodeId()) + "|@  ")
                        + node.problem());
            } else {
                print(out, status);
            }
        }
        out.flush();
    }

    private void print(PrintWriter out, NodeStatus status) {
        out.printf(
                Locale.ROOT,
                ROW,
                status.nodeId(),
                role(status),
                status.term(),
                status.appliedIndex(),
                lag(status),
                status.commitIndex(),
                status.durableIndex(),
                status.points(),
                String.format(Locale.ROOT, "%016x", status.stateHash()),
                status.processId(),
                status.syncPolicy(),
                status.dataDirectory());
    }

    private static String role(NodeStatus status) {
        if (status.isLeader()) {
            return "leader";
        }
        return status.leaderNodeId() < 0 ? "seeking" : "follower";
    }

    /** Writes the same for scripts. */
    void write(JsonGenerator json) {
        json.writeStartObject();
        json.writeStringProperty("health", health());
        json.writeNumberProperty("leader", leaderNodeId());
        json.writeNumberProperty("greatestLag", greatestLag());
        json.writeArrayPropertyStart("nodes");
        for (Node node : nodes) {
            json.writeStartObject();
            json.writeNumberProperty("node", node.nodeId());
            NodeStatus status = node.status();
            if (status == null) {
                json.writeStringProperty("problem", node.problem());
            } else {
                write(json, status);
            }
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private void write(JsonGenerator json, NodeStatus status) {
        json.writeStringProperty("role", role(status));
        json.writeNumberProperty("term", status.term());
        json.writeNumberProperty("appliedIndex", status.appliedIndex());
        json.writeNumberProperty("lag", lag(status));
        json.writeNumberProperty("commitIndex", status.commitIndex());
        json.writeNumberProperty("durableIndex", status.durableIndex());
        json.writeNumberProperty("points", status.points());
        json.writeStringProperty("stateHash", String.format(Locale.ROOT, "%016x", status.stateHash()));
        json.writeNumberProperty("pid", status.processId());
        json.writeStringProperty("sync", status.syncPolicy());
        json.writeStringProperty("data", status.dataDirectory());
        json.writeStringProperty("version", status.version());
    }
}
