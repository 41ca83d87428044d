package io.grape.benchmarks.cli;

import io.grape.benchmarks.report.Report;
import io.grape.benchmarks.vectors.VectorsBenchmark;
import io.grape.benchmarks.vectors.VectorsBenchmark.Phase;
import io.grape.benchmarks.vectors.VectorsBenchmark.Plan;
import io.grape.benchmarks.vectors.VectorsPage;
import io.grape.benchmarks.vectors.VectorsResult;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code grape bench vectors}. */
@Command(
        name = "vectors",
        mixinStandardHelpOptions = true,
        description = "Our index beside Lucene, JVector, hnswlib and usearch at equal recall.")
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class VectorsCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @ParentCommand
    private BenchCommand bench;

    @Option(
            names = "--set",
            split = ",",
            defaultValue = "glove-100",
            description = "glove-100, minilm-384, mnist-784 (default: ${DEFAULT-VALUE}).")
    private List<String> sets;

    @Option(names = "--rows", defaultValue = "2147483647", description = "Most rows of each set (default: all).")
    private int rows;

    @Option(
            names = "--peers",
            split = ",",
            defaultValue = "lucene,jvector,hnswlib,usearch",
            description = "To run beside ours (default: ${DEFAULT-VALUE}); those that are not there are passed over.")
    private List<String> peers;

    @Option(
            names = "--phase",
            defaultValue = "ALL",
            description = "BUILD: every index, again. SEARCH: what is built. ALL: build what is not, then search.")
    private Phase phase;

    @Option(
            names = "--work",
            paramLabel = "DIR",
            defaultValue = "target/bench/vectors",
            description = "Where sets and indexes are kept (default: ${DEFAULT-VALUE}).")
    private Path work;

    @Option(
            names = "--page",
            paramLabel = "DIR",
            description = "Writes vectors.md and its pictures there, for the documentation.")
    private Path page;

    @Override
    public Integer call() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        Path home = Path.of(System.getProperty("grape.home", "."));
        List<VectorsResult> results = new ArrayList<>();
        for (String set : sets) {
            Plan plan = new Plan(set, rows, peers, phase, home, work, bench.isQuick());
            VectorsBenchmark.run(plan, out).ifPresent(results::add);
        }
        for (VectorsResult result : results) {
            List<Report> reports = result.reports();
            for (int i = 0; i < reports.size(); i++) {
                bench.finish(reports.get(i), "vectors-" + result.name() + "-" + i);
            }
        }
        if (page != null) {
            out.println("written to " + VectorsPage.write(page, results));
        }
        return 0;
    }
}
