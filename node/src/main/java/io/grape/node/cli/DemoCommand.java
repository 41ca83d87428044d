package io.grape.node.cli;

import io.grape.node.demo.Demo;
import io.grape.node.demo.DemoSettings;
import java.io.BufferedReader;
import java.io.Console;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code grape demo}: exits with 0 only if nothing was lost and every neighbour is right. */
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        description = {
            "Starts a cluster on this machine, loads 20,000 word vectors, searches, kills the leader while writes are"
                    + " going on, and reads every acknowledged write back from each node."
        })
final class DemoCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before call
    private CommandSpec spec;

    @Option(names = "--nodes", defaultValue = "3", description = "Number of processes. Default: ${DEFAULT-VALUE}")
    private int nodes;

    @Option(names = "--no-prompt", description = "Ask for nothing, even on a terminal")
    private boolean noPrompt;

    @Option(names = "--keep", description = "Leave the cluster running and say how to talk to it")
    private boolean keep;

    @Option(names = "--sync", defaultValue = "force", description = "force, async or none. Default: ${DEFAULT-VALUE}")
    private String syncPolicy = "force";

    @Option(names = "--words", paramLabel = "FILE", description = "Vector file to load instead of data/glove-20k.gvec")
    private @Nullable Path wordFile;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "Where the nodes' files go. Default: a new directory under .grape")
    private @Nullable Path directory;

    @Override
    public Integer call() throws IOException {
        Path home = Home.directory();
        Optional<Console> terminal = Optional.ofNullable(System.console()).filter(Console::isTerminal);
        BufferedReader promptFrom = terminal.isEmpty() || noPrompt
                ? null
                : new BufferedReader(terminal.get().reader());
        DemoSettings settings = new DemoSettings(
                nodes,
                wordFile != null ? wordFile : home.resolve("data/glove-20k.gvec"),
                directory != null
                        ? directory.toAbsolutePath()
                        : home.resolve(".grape/demo-" + ProcessHandle.current().pid()),
                syncPolicy,
                GrapeCli.class.getName(),
                keep,
                terminal.isPresent(),
                promptFrom);
        boolean allHeld = new Demo(settings, spec.commandLine().getOut()).run();
        return allHeld ? ExitCode.OK : ExitCode.CHECK_FAILED;
    }
}
