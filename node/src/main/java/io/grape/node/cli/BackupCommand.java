package io.grape.node.cli;

import io.grape.node.checkpoint.CheckpointCopy;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code grape backup}: copies a node's newest checkpoint, also while the node runs. */
@Command(
        name = "backup",
        mixinStandardHelpOptions = true,
        description = "Copies the newest checkpoints of a node, which may be running, and checks every block of it.")
final class BackupCommand implements Callable<Integer> {
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
        List<CheckpointCopy.Summary> copied = CheckpointCopy.copy(data, target, null);
        spec.commandLine().getOut().println("backed up " + text(copied) + " to " + target);
        return ExitCode.OK;
    }

    /** Every collection has a store in each data group; group 0 has none. */
    static String text(List<CheckpointCopy.Summary> groups) {
        int collections = 0;
        long points = 0;
        long bytes = 0;
        for (CheckpointCopy.Summary group : groups) {
            collections = Math.max(collections, group.collections());
            points += group.points();
            bytes += group.bytes();
        }
        String entries = groups.stream()
                .map(group -> group.groupId() + ":" + group.index())
                .collect(Collectors.joining(" "));
        return collections + " collections, " + points + " points, as of group:entry " + entries + " ("
                + bytes / (1 << 20) + " MiB)";
    }
}
