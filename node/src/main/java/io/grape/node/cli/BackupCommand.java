package io.grape.node.cli;

import io.grape.node.checkpoint.CheckpointCopy;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code grape backup}: copies a node's newest checkpoint, also while the node runs. */
@Command(
        name = "backup",
        mixinStandardHelpOptions = true,
        description = "Copies the newest checkpoint of a node, which may be running, and checks every block of it.")
final class BackupCommand implements Callable<Integer> {
    static final int GROUP_ID = 0;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before call
    private CommandSpec spec;

    @Option(names = "--data", required = true, paramLabel = "DIR", description = "Data directory of the node")
    @SuppressWarnings("NullAway.Init") // picocli sets it before call
    private Path data;

    @Parameters(paramLabel = "PATH", description = "Where to; must not exist, or be empty")
    @SuppressWarnings("NullAway.Init") // picocli sets it before call
    private Path target;

    @Override
    public Integer call() {
        CheckpointCopy.Summary copied = CheckpointCopy.copy(data, target, GROUP_ID, null);
        spec.commandLine().getOut().println("backed up " + text(copied) + " to " + target);
        return ExitCode.OK;
    }

    static String text(CheckpointCopy.Summary summary) {
        return summary.collections() + " collections, " + summary.points() + " points, as of entry " + summary.index()
                + " (" + summary.bytes() / (1 << 20) + " MiB)";
    }
}
