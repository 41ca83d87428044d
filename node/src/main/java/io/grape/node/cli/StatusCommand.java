package io.grape.node.cli;

import io.grape.client.GrapeClient;
import io.grape.client.NodeStatus;
import io.grape.codecs.GrapeException;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code grape status}: one line for each member; exits with 69 if one does not answer. */
@Command(
        name = "status",
        mixinStandardHelpOptions = true,
        description = "Shows what each node knows of its group and of itself.")
final class StatusCommand implements Callable<Integer> {
    private static final String ROW = "%4s  %-8s %6s %10s %10s %10s %10s  %-16s %8s  %-6s %s%n";

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before call
    private CommandSpec spec;

    @Mixin
    private final ClientOptions options = new ClientOptions();

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        int exitCode = ExitCode.OK;
        try (GrapeClient client = options.connect()) {
            out.printf(
                    ROW,
                    "node",
                    "role",
                    "term",
                    "applied",
                    "commit",
                    "durable",
                    "points",
                    "state hash",
                    "pid",
                    "sync",
                    "data");
            for (int nodeId : client.memberIds()) {
                try {
                    print(out, client.node(nodeId).status());
                } catch (GrapeException unreachable) {
                    out.printf("%4d  %s: %s%n", nodeId, unreachable.code(), unreachable.getMessage());
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
                ROW,
                status.nodeId(),
                status.isLeader() ? "leader" : "follower",
                status.term(),
                status.appliedIndex(),
                status.commitIndex(),
                status.durableIndex(),
                status.points(),
                String.format(Locale.ROOT, "%016x", status.stateHash()),
                status.processId(),
                status.syncPolicy(),
                status.dataDirectory());
    }
}
