package io.grape.benchmarks.micro;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/**
 * Runs the JMH benchmarks and ends with one table and one JSON file. Forks get the flags of this JVM.
 *
 * <p>Quick runs measure three times half a second in one fork: good for the allocation gate, not for figures.
 */
public final class MicroBenchmarks {
    private static final String ALLOCATED = "gc.alloc.rate.norm";

    private MicroBenchmarks() {}

    /**
     * Runs what matches.
     *
     * @param patterns regular expressions over {@code Class.method}; none for all
     * @param out      JMH's own JSON file
     */
    public static void run(PrintWriter table, List<String> patterns, boolean quick, Path out)
            throws RunnerException, IOException {
        Files.createDirectories(out.toAbsolutePath().getParent());
        print(table, run(patterns, quick, out));
        table.println("written to " + out);
    }

    private static Collection<RunResult> run(List<String> patterns, boolean quick, Path out) throws RunnerException {
        ChainedOptionsBuilder options = new OptionsBuilder()
                .addProfiler(GCProfiler.class)
                .shouldFailOnError(true)
                .resultFormat(ResultFormatType.JSON)
                .result(out.toString());
        patterns.forEach(options::include);
        if (patterns.isEmpty()) {
            options.include("io\\.grape\\.benchmarks\\.micro\\..*");
        }
        if (quick) {
            TimeValue half = TimeValue.milliseconds(500);
            options.forks(1)
                    .warmupIterations(3)
                    .warmupTime(half)
                    .measurementIterations(3)
                    .measurementTime(half);
        }
        return new Runner(options.build()).run();
    }

    private static void print(PrintWriter out, Collection<RunResult> results) {
        out.printf("%n%-58s %12s %10s  %-6s %10s%n", "benchmark", "score", "error", "unit", "B/op");
        for (RunResult result : results) {
            Result<?> score = result.getPrimaryResult();
            Result<?> allocated = result.getSecondaryResults().get(ALLOCATED);
            out.printf(
                    Locale.ROOT,
                    "%-58s %12.2f %10.2f  %-6s %10.3f%n",
                    name(result),
                    score.getScore(),
                    score.getScoreError(),
                    score.getScoreUnit(),
                    allocated == null ? Double.NaN : allocated.getScore());
        }
    }

    private static String name(RunResult result) {
        StringBuilder name = new StringBuilder(
                result.getParams().getBenchmark().replace(MicroBenchmarks.class.getPackageName() + ".", ""));
        for (String key : result.getParams().getParamsKeys()) {
            name.append(' ').append(key).append('=').append(result.getParams().getParam(key));
        }
        return name.toString();
    }
}
