package io.grape.node.cli;

import io.grape.node.checkpoint.CheckpointCopy;
import io.grape.raft.core.membership.Membership;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code grape restore}: makes a data directory out of a backup. */
@Command(
        name = "restore",
        mixinStandardHelpOptions = true,
        description = {
            "Makes a data directory out of a backup, and checks every block of it.",
            "The directory has no identity and no journal: a node that starts on it begins a new life. Restore every "
                    + "member of a cluster, or one with --as-single; never one member beside those that went on."
        })
final class RestoreCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before call
    private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "PATH", description = "The backup")
    @SuppressWarnings("NullAway.Init") // picocli sets it before call
    private Path backup;

    @Option(
            names = "--data",
            required = true,
            paramLabel = "DIR",
            description = "Data directory to make; must not exist, or be empty")
    @SuppressWarnings("NullAway.Init") // picocli sets it before call
    private Path data;

    @Option(
            names = "--as-single",
            paramLabel = "NODE",
            description = "The only member from now on, in place of the members of the backup")
    private @Nullable Integer single;

    @Override
    public Integer call() {
        Membership members = single == null ? null : Membership.ofVoters(List.of(single));
        List<CheckpointCopy.Summary> copied = CheckpointCopy.copy(backup, data, members);
        spec.commandLine().getOut().println("restored " + BackupCommand.text(copied) + " to " + data);
        return ExitCode.OK;
    }
}
