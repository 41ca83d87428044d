package io.grape.node.cli;

import io.grape.client.GrapeClient;
import io.grape.client.NodeStatus;
import io.grape.codecs.GrapeException;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.CompletionException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code grape node}: lets nodes join and leave, and lists them. */
@Command(
        name = "node",
        mixinStandardHelpOptions = true,
        description = "Lets a node join the cluster or leave it, and lists the nodes.")
final class NodeCommand implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before run
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Name what to do: add, remove or list");
    }

    @Command(
            mixinStandardHelpOptions = true,
            description = {
                "Lets a node join: it becomes a learner of every group, and a voter of each once it has caught up.",
                "Start it with the first members and itself, marked 'joining: true', in cluster.members."
            })
    int add(
            @Mixin ClientOptions options,
            @Parameters(paramLabel = "ID", description = "A number that no node of the cluster ever had") int nodeId,
            @Parameters(paramLabel = "HOST:PORT", description = "Where it listens") String endpoint) {
        try (GrapeClient client = options.connect()) {
            client.admin().addNode(nodeId, endpoint);
        }
        spec.commandLine().getOut().println("node " + nodeId + " joins at " + endpoint + "; see: grape node list");
        return ExitCode.OK;
    }

    @Command(mixinStandardHelpOptions = true, description = "Lets a node leave every group; stop it afterwards.")
    int remove(@Mixin ClientOptions options, @Parameters(paramLabel = "ID", description = "The node") int nodeId) {
        try (GrapeClient client = options.connect()) {
            client.admin().removeNode(nodeId);
        }
        spec.commandLine().getOut().println("node " + nodeId + " leaves; see: grape node list");
        return ExitCode.OK;
    }

    @Command(mixinStandardHelpOptions = true, description = "Shows how far each node is in each group.")
    int list(@Mixin ClientOptions options) {
        PrintWriter out = spec.commandLine().getOut();
        int exitCode = ExitCode.OK;
        try (GrapeClient client = options.connect()) {
            for (int nodeId : client.memberIds()) {
                try {
                    out.printf(Locale.ROOT, "node %d%n", nodeId);
                    print(out, client.node(nodeId).statusAsync(0).join());
                    for (int groupId : client.groupIds()) {
                        print(out, client.node(nodeId).statusAsync(groupId).join());
                    }
                } catch (GrapeException | CompletionException unreachable) {
                    out.println("  does not answer: " + unreachable.getMessage());
                    exitCode = ExitCode.UNAVAILABLE;
                }
            }
        }
        out.flush();
        return exitCode;
    }

    private static void print(PrintWriter out, NodeStatus status) {
        out.printf(
                Locale.ROOT,
                "  group %d: %s, applied %d of %d, %d points%n",
                status.groupId(),
                status.isLeader() ? "leads" : "follows node " + status.leaderNodeId(),
                status.appliedIndex(),
                status.commitIndex(),
                status.points());
    }
}
