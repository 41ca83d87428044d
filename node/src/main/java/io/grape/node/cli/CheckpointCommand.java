package io.grape.node.cli;

import io.grape.codecs.FaultException;
import io.grape.codecs.sbe.ErrorCode;
import io.grape.node.checkpoint.CheckpointCopy;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code grape checkpoint}: checks a node's newest checkpoint, or a backup, without changing it. */
@Command(
        name = "checkpoint",
        mixinStandardHelpOptions = true,
        description = "Checks a checkpoint; changes nothing, so it may be used beside a running node.")
final class CheckpointCommand implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before run
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Name what to do with the checkpoint: verify");
    }

    @Command(
            mixinStandardHelpOptions = true,
            description = "Reads every block and checks its checksum; exit code 1 if one is damaged.")
    int verify(@Parameters(paramLabel = "PATH", description = "Data directory of a node, or a backup") Path path) {
        try {
            List<CheckpointCopy.Summary> sound = CheckpointCopy.verify(path);
            spec.commandLine().getOut().println("sound: " + BackupCommand.text(sound));
            return ExitCode.OK;
        } catch (FaultException ex) {
            if (ex.code() != ErrorCode.DATA_CORRUPT) {
                throw ex;
            }
            spec.commandLine().getOut().println("DAMAGED: " + ex.getMessage());
            return ExitCode.CHECK_FAILED;
        }
    }
}
