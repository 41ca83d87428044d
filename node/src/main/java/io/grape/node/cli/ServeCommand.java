package io.grape.node.cli;

import io.grape.node.GrapeNode;
import io.grape.node.config.ConfigPrinter;
import io.grape.node.config.NodeConfig;
import io.grape.node.config.NodeConfigFile;
import io.grape.raft.core.Formation;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code grape serve}: runs a node until SIGTERM, SIGINT or a failure. */
@Command(
        name = ServeCommand.NAME,
        mixinStandardHelpOptions = true,
        description = {
            "Runs a node until it is told to stop. Without --config it is a cluster of one on loopback,"
                    + " which needs no configuration."
        })
final class ServeCommand implements Callable<Integer> {
    static final String NAME = "serve";

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before call
    private CommandSpec spec;

    @Option(names = "--config", paramLabel = "FILE", description = "Configuration of a member, YAML")
    private @Nullable Path configuration;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "Data directory of a single node. Default: grape-data in the working directory")
    private @Nullable Path dataDirectory;

    @Option(names = "--port", description = "UDP port of a single node. Default: " + NodeConfig.DEFAULT_PORT)
    private @Nullable Integer port;

    @Option(
            names = "--form-without-absent",
            description = {
                "Lets a new cluster form without members that have never been up. DANGER: if one of them, or this node"
                        + " under an earlier data directory, ever was part of the cluster, acknowledged writes are lost."
                        + " Give it to a majority of the members, once, and only when the absent ones are gone for good"
            })
    private boolean formWithoutAbsent;

    @Option(
            names = "--print-config",
            description = "Print every key with the value that this node would run with, and end")
    private boolean printConfig;

    @Option(names = "--stop-with", paramLabel = "PID", hidden = true, description = "End when this process has ended")
    private @Nullable Long parentPid;

    @Override
    public Integer call() throws InterruptedException {
        NodeConfig config = config();
        if (printConfig) {
            spec.commandLine().getOut().print(ConfigPrinter.print(config));
            spec.commandLine().getOut().flush();
            return ExitCode.OK;
        }
        try (GrapeNode node = GrapeNode.launch(config, formation())) {
            // SIGTERM and SIGINT run this hook; the process ends when it has returned, that is, when the node is
            // closed.
            Runtime.getRuntime().addShutdownHook(new Thread(node::close, "stop-node"));
            stopWithParent();
            print(config, node.httpUrl());
            node.awaitShutdown();
        }
        return ExitCode.OK;
    }

    private NodeConfig config() {
        if (configuration == null) {
            return NodeConfigFile.single(
                    dataDirectory == null ? Path.of("grape-data") : dataDirectory,
                    port == null ? NodeConfig.DEFAULT_PORT : port,
                    System.getenv());
        }
        if (dataDirectory != null || port != null) {
            throw new ParameterException(
                    spec.commandLine(), "--data and --port belong to a single node; with --config the file says both");
        }
        return NodeConfigFile.load(configuration, System.getenv());
    }

    private Formation formation() {
        if (formWithoutAbsent) {
            spec.commandLine()
                    .getErr()
                    .println("WARNING: --form-without-absent: this node votes without having heard every member."
                            + " If an absent member, or this node before, held data, that data is lost.");
        }
        return formWithoutAbsent ? Formation.WITHOUT_ABSENT : Formation.ALL_MEMBERS;
    }

    private void stopWithParent() {
        if (parentPid == null) {
            return;
        }
        Optional<ProcessHandle> parent = ProcessHandle.of(parentPid);
        if (parent.isEmpty()) {
            System.exit(ExitCode.OK);
        }
        var _ = parent.get().onExit().thenRun(() -> System.exit(ExitCode.OK));
    }

    private void print(NodeConfig config, @Nullable String http) {
        PrintWriter out = spec.commandLine().getOut();
        String members = config.members().stream()
                .map(member -> member.nodeId() + "=" + member.endpoint())
                .collect(Collectors.joining(", "));
        out.printf(
                "node      %d (process %d)%n",
                config.nodeId(), ProcessHandle.current().pid());
        out.printf("listens   %s (UDP)%n", config.endpoint());
        out.printf("http      %s%n", http == null ? "none" : http);
        out.printf("members   %s%n", members);
        out.printf("data      %s%n", config.dataDirectory().toAbsolutePath().normalize());
        out.printf("sync      %s%n", config.syncPolicy().configName());
        out.flush();
    }
}
