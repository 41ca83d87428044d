package io.grape.node.cli;

import io.grape.raft.journal.JournalInspector;
import io.grape.raft.journal.JournalReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code grape journal}: looks at a node's journal without changing a byte of it. */
@Command(
        name = "journal",
        mixinStandardHelpOptions = true,
        description = "Shows and checks a journal; changes nothing, so it may be used beside a running node.")
final class JournalCommand implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before run
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Name what to do with the journal: inspect or verify");
    }

    @Command(mixinStandardHelpOptions = true, description = "Shows segments, groups and problems.")
    int inspect(@Parameters(paramLabel = "PATH", description = "Data directory of a node, or a journal") Path path)
            throws IOException {
        print(JournalInspector.inspect(journal(path)));
        return ExitCode.OK;
    }

    @Command(
            mixinStandardHelpOptions = true,
            description = "Checks every checksum; exit code 1 if something that was acknowledged may be damaged.")
    int verify(@Parameters(paramLabel = "PATH", description = "Data directory of a node, or a journal") Path path)
            throws IOException {
        JournalReport report = JournalInspector.inspect(journal(path));
        print(report);
        return report.isSound() ? ExitCode.OK : ExitCode.CHECK_FAILED;
    }

    private Path journal(Path path) {
        Path below = path.resolve("journal");
        Path found = Files.isDirectory(below) ? below : path;
        if (!Files.isDirectory(found)) {
            throw new ParameterException(spec.commandLine(), path + " is not a directory");
        }
        return found;
    }

    private void print(JournalReport report) {
        spec.commandLine().getOut().print(report.toText());
        spec.commandLine().getOut().flush();
    }
}
