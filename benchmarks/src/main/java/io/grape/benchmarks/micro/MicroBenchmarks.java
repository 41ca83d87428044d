package io.grape.benchmarks.micro;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
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
 * Runs the JMH benchmarks and ends with one table and one JSON file.
 *
 * <pre>
 * MicroBenchmarks [--quick] [--out FILE] [PATTERN ...]
 * </pre>
 *
 * A pattern is a regular expression over {@code Class.method}; without one everything runs. {@code --quick} measures three
 * times half a second in one fork: good for the allocation gate, not for figures. Forks get the flags of this JVM.
 */
public final class MicroBenchmarks {
    private static final String ALLOCATED = "gc.alloc.rate.norm";

    private MicroBenchmarks() {}

    public static void main(String[] arguments) throws RunnerException, IOException {
        boolean quick = false;
        Path out = Path.of("target", "bench", "micro.json");
        List<String> patterns = new ArrayList<>();
        for (int i = 0; i < arguments.length; i++) {
            switch (arguments[i]) {
                case "--quick" -> quick = true;
                case "--out" -> out = Path.of(arguments[++i]);
                default -> patterns.add(arguments[i]);
            }
        }
        Files.createDirectories(out.toAbsolutePath().getParent());
        print(run(patterns, quick, out));
        System.out.println("written to " + out);
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

    private static void print(Collection<RunResult> results) {
        System.out.printf("%n%-58s %12s %10s  %-6s %10s%n", "benchmark", "score", "error", "unit", "B/op");
        for (RunResult result : results) {
            Result<?> score = result.getPrimaryResult();
            Result<?> allocated = result.getSecondaryResults().get(ALLOCATED);
            System.out.printf(
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
