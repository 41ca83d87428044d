package io.grape.node.cli;

import io.grape.client.ClientConfig;
import io.grape.client.GrapeClient;
import io.grape.codecs.GrapeException;
import io.grape.codecs.sbe.ErrorCode;
import io.grape.node.demo.cluster.ClusterRecord;
import io.grape.node.demo.cluster.ClusterSpec;
import io.grape.node.demo.cluster.LocalCluster;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code grape cluster}: a cluster of processes on this machine, for trying things out. */
@Command(
        name = "cluster",
        mixinStandardHelpOptions = true,
        description = "Starts, stops and shows a cluster of processes on this machine, on loopback.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  grape cluster start --nodes 3",
            "  grape cluster status",
            "  grape cluster stop",
            "Its data stays in the directory; start it again and it is there."
        })
final class ClusterCommand implements Runnable {
    private static final Duration START_TIMEOUT = Duration.ofSeconds(90);
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(20);
    private static final List<String> JVM_OPTIONS = List.of("-Xms64m", "-Xmx512m");

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before run
    private CommandSpec spec;

    /** Where the cluster lives. */
    static final class Place {
        @Option(names = "--directory", paramLabel = "DIR", description = "Of the cluster. Default: .grape/cluster")
        private @Nullable Path directory;

        Path path() {
            return directory == null ? Home.directory().resolve(".grape/cluster") : directory.toAbsolutePath();
        }
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Name what to do with the cluster: start, stop or status");
    }

    @Command(mixinStandardHelpOptions = true, description = "Starts the nodes and waits until one leads.")
    int start(
            @Mixin Place place,
            @Option(names = "--nodes", defaultValue = "3", description = "1 to 9. Default: ${DEFAULT-VALUE}") int nodes,
            @Option(names = "--sync", defaultValue = "force", description = "force, async or none") String syncPolicy)
            throws IOException {
        Path directory = Files.createDirectories(place.path());
        Optional<ClusterRecord> before = ClusterRecord.read(directory);
        if (before.isPresent() && !before.get().running().isEmpty()) {
            throw new GrapeException(
                    ErrorCode.DATA_LOCKED, "the cluster in " + directory + " runs already: grape cluster stop");
        }
        if (before.isPresent() && before.get().members().size() != nodes) {
            throw new GrapeException(
                    ErrorCode.INVALID_CONFIGURATION,
                    "the cluster in " + directory + " was made of "
                            + before.get().members().size() + " nodes: give --nodes so, or another --directory");
        }
        ClusterSpec wanted = new ClusterSpec(nodes, directory, GrapeCli.class.getName(), syncPolicy, JVM_OPTIONS);
        try (LocalCluster cluster = LocalCluster.create(wanted, true)) {
            cluster.startAll();
            awaitLeader(cluster);
            ClusterRecord.of(cluster).write(directory);
            cluster.leaveRunning();
            PrintWriter out = spec.commandLine().getOut();
            for (int nodeId = 1; nodeId <= nodes; nodeId++) {
                out.printf(
                        "node %d  %s  http://%s  process %d  log %s%n",
                        nodeId,
                        cluster.endpoint(nodeId),
                        cluster.endpoint(nodeId),
                        cluster.pid(nodeId),
                        cluster.log(nodeId));
            }
            out.println("grape status --endpoints " + String.join(",", cluster.endpoints()));
            out.flush();
        }
        return ExitCode.OK;
    }

    private static void awaitLeader(LocalCluster cluster) {
        ClientConfig config = ClientConfig.builder()
                .endpoints(cluster.endpoints())
                .connectTimeout(START_TIMEOUT)
                .requestTimeout(START_TIMEOUT)
                .build();
        try (GrapeClient client = GrapeClient.connect(config)) {
            // A linearizable read: it is answered once a leader has heard a majority.
            client.listCollections();
        } catch (GrapeException late) {
            cluster.requireRunning();
            throw late;
        }
    }

    @Command(mixinStandardHelpOptions = true, description = "Ends the nodes; their data stays.")
    int stop(@Mixin Place place) throws IOException {
        Path directory = place.path();
        ClusterRecord cluster = require(directory);
        int running = cluster.running().size();
        int killed = cluster.stop(STOP_TIMEOUT);
        spec.commandLine()
                .getOut()
                .println(running + " nodes stopped" + (killed > 0 ? ", " + killed + " of them by SIGKILL" : ""));
        return killed == 0 ? ExitCode.OK : ExitCode.CHECK_FAILED;
    }

    @Command(mixinStandardHelpOptions = true, description = "Shows the nodes, as grape status does.")
    int status(@Mixin Place place, @Mixin OutputOptions output) throws IOException {
        ClusterRecord cluster = require(place.path());
        int running = cluster.running().size();
        if (running == 0) {
            throw new GrapeException(ErrorCode.TIMED_OUT, "no node of it runs: grape cluster start");
        }
        ClientConfig config =
                ClientConfig.builder().endpoints(cluster.endpoints()).build();
        try (GrapeClient client = GrapeClient.connect(config)) {
            ClusterReport report = ClusterReport.of(client);
            if (output.isJson()) {
                OutputOptions.print(spec.commandLine().getOut(), report::write);
            } else {
                report.print(
                        spec.commandLine().getOut(),
                        spec.commandLine().getColorScheme().ansi());
            }
            return report.isComplete() ? ExitCode.OK : ExitCode.UNAVAILABLE;
        }
    }

    private static ClusterRecord require(Path directory) throws IOException {
        return ClusterRecord.read(directory)
                .orElseThrow(() -> new GrapeException(
                        ErrorCode.INVALID_CONFIGURATION,
                        "there is no cluster in " + directory + ": grape cluster start"));
    }
}
