package io.grape.node.cli;

import io.grape.codecs.GrapeException;
import io.grape.codecs.sbe.ErrorCode;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.ServiceLoader;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * The program: {@code grape <command>}.
 */
@Command(
        name = "grape",
        mixinStandardHelpOptions = true,
        versionProvider = VersionProvider.class,
        description = "A replicated, sharded vector store for the JVM.",
        subcommands = {
            ServeCommand.class,
            TrainCommand.class,
            DemoCommand.class,
            StatusCommand.class,
            TopCommand.class,
            ClusterCommand.class,
            CollectionCommand.class,
            NodeCommand.class,
            CollectionsCommand.class,
            IngestCommand.class,
            RebalanceCommand.class,
            SearchCommand.class,
            GetCommand.class,
            DeleteCommand.class,
            JournalCommand.class,
            CheckpointCommand.class,
            BackupCommand.class,
            RestoreCommand.class,
            KeysCommand.class,
            ConvertCommand.class,
            CompletionCommand.class
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            " 0:done",
            " 1:it ran, and what it was to prove does not hold",
            " 2:the command line is wrong",
            " 3:the cluster refused the request",
            "69:no node answered in time, or no JDK 25 was found",
            "70:a defect in Grape",
            "74:a disk, file, port or driver failed",
            "78:the configuration or the data directory is not acceptable"
        })
public final class GrapeCli implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(GrapeCli.class);

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before run
    private CommandSpec spec;

    /** Runs one command and ends the process with its exit code. */
    public static void main(String... args) {
        PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
        PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
        System.exit(run(out, err, args));
    }

    /** Runs one command and returns its exit code. */
    public static int run(PrintWriter out, PrintWriter err, String... args) {
        // A node that starts does not wait for the reading of a dozen other commands.
        boolean serves = args.length > 0 && args[0].equals(ServeCommand.NAME);
        return (serves ? new CommandLine(new ServeOnly()) : allCommands())
                .setOut(out)
                .setErr(err)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setUsageHelpAutoWidth(true)
                .setExecutionExceptionHandler((failure, command, parsed) -> report(failure, command.getErr()))
                .execute(args);
    }

    private static CommandLine allCommands() {
        CommandLine program = new CommandLine(new GrapeCli());
        for (CommandProvider provider : ServiceLoader.load(CommandProvider.class)) {
            provider.commands().forEach(program::addSubcommand);
        }
        return program;
    }

    /** The program when the command is known to be {@code serve}. */
    @Command(name = "grape", subcommands = ServeCommand.class)
    static final class ServeOnly {}

    /** Without a command there is nothing to do. */
    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Name a command");
    }

    private static int report(Exception failure, PrintWriter err) {
        return switch (failure) {
            case GrapeException refused -> {
                err.println("grape: " + refused.code() + ": " + refused.getMessage());
                yield ExitCode.of(refused.code());
            }
            case IOException fault -> {
                err.println("grape: " + ErrorCode.IO_FAILURE + ": " + fault);
                yield ExitCode.FAULT;
            }
            default -> {
                err.println(
                        "grape: " + ErrorCode.INTERNAL + ": a defect in Grape; please report it with the text below");
                LOG.error("command failed", failure);
                yield ExitCode.DEFECT;
            }
        };
    }
}
