package io.grape.benchmarks.cli;

import io.grape.benchmarks.journal.JournalComparison;
import io.grape.benchmarks.journal.RecoveryComparison;
import io.grape.benchmarks.kernels.KernelComparison;
import io.grape.benchmarks.micro.MicroBenchmarks;
import io.grape.benchmarks.report.Report;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.runner.RunnerException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** {@code grape bench}: measures, beside peers where there are any, and leaves a table and a JSON file. */
@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        subcommands = {CompareCommand.class, EmbedCommand.class, ReplicationCommand.class, VectorsCommand.class},
        description = "Measures Grape beside its peers, in one run; ends with tables, JSON files and pictures.")
final class BenchCommand implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before run
    private CommandSpec spec;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            scope = ScopeType.INHERIT,
            defaultValue = "target/bench",
            description = "Where the JSON files go (default: ${DEFAULT-VALUE}).")
    @SuppressWarnings("NullAway.Init") // picocli sets it before run
    private Path out;

    @Option(
            names = "--svg",
            paramLabel = "DIR",
            scope = ScopeType.INHERIT,
            description = "Writes the pictures there as SVG files; without it none are written.")
    @Nullable
    private Path svg;

    @Option(
            names = "--quick",
            scope = ScopeType.INHERIT,
            description = "Short runs: to see that it works, not for figures.")
    private boolean quick;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Name a benchmark: see --help");
    }

    @Command(
            mixinStandardHelpOptions = true,
            description = "The journal's back ends beside a raw loop of write and force, and beside Aeron Archive.")
    int journal(
            @Option(
                            names = "--dir",
                            paramLabel = "DIR",
                            defaultValue = "target/bench/journal",
                            description =
                                    "On the disk to measure (default: ${DEFAULT-VALUE}); what is made there is removed.")
                    Path directory)
            throws IOException {
        List<Report> reports = JournalComparison.run(directory, quick ? 0.4 : 4);
        for (int i = 0; i < reports.size(); i++) {
            finish(reports.get(i), "journal-" + i);
        }
        return 0;
    }

    @Command(
            mixinStandardHelpOptions = true,
            description = "How fast a journal is recovered, beside a plain read of the same files.")
    int recovery(
            @Option(
                            names = "--dir",
                            paramLabel = "DIR",
                            defaultValue = "target/bench/recovery",
                            description =
                                    "On the disk to measure (default: ${DEFAULT-VALUE}); what is made there is removed.")
                    Path directory)
            throws IOException {
        finish(RecoveryComparison.run(directory, quick ? 64L << 20 : 1L << 30), "recovery");
        return 0;
    }

    @Command(
            mixinStandardHelpOptions = true,
            description = "The hot paths one by one, by JMH, with bytes allocated per operation.")
    int micro(
            @Parameters(
                            arity = "0..*",
                            paramLabel = "PATTERN",
                            description = "Regular expressions over Class.method; without one everything runs.")
                    List<String> patterns)
            throws RunnerException, IOException {
        MicroBenchmarks.run(writer(), patterns == null ? List.of() : patterns, quick, out.resolve("micro.json"));
        return 0;
    }

    @Command(
            mixinStandardHelpOptions = true,
            description = "Kernels at each vector width beside a plain read, and beside C where there is a compiler.")
    int kernels() throws IOException {
        Path home = Path.of(System.getProperty("grape.home", "."));
        finish(KernelComparison.run(home, out.resolve("kernels"), quick, writer()), "kernels");
        return 0;
    }

    boolean isQuick() {
        return quick;
    }

    /** Prints a report and writes its files. */
    void finish(Report report, String name) throws IOException {
        Path file = out.resolve(name + ".json");
        report.print(writer());
        report.writeJson(file);
        writer().println("written to " + file);
        if (svg != null) {
            for (Path picture : report.writeCharts(svg, name)) {
                writer().println("written to " + picture);
            }
        }
    }

    PrintWriter writer() {
        return spec.commandLine().getOut();
    }
}
