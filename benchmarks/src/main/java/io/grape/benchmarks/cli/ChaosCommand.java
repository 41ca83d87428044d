package io.grape.benchmarks.cli;

import io.grape.benchmarks.chaos.ChaosResult;
import io.grape.benchmarks.chaos.ChaosRun;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code grape chaos}: real processes, faults on a seeded schedule, and a judgement. */
@Command(
        name = "chaos",
        mixinStandardHelpOptions = true,
        description = {
            "Hurts real node processes on a seeded schedule while clients write and read, then checks that nothing acknowledged is"
                    + " lost and that every history is linearizable.",
            "The schedule follows from the seed; when the faults meet which request does not."
        })
final class ChaosCommand implements Callable<Integer> {
    private static final int VIOLATED = 1;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before call
    private CommandSpec spec;

    @Option(names = "--seed", paramLabel = "N", description = "Of the schedule; without one it is drawn and printed.")
    @Nullable
    private Long seed;

    @Option(names = "--minutes", defaultValue = "1", description = "Of faults in a run (default: ${DEFAULT-VALUE}).")
    private double minutes;

    @Option(
            names = "--runs",
            defaultValue = "1",
            description = "With the seed, the seed + 1 ... (default: ${DEFAULT-VALUE}).")
    private int runs;

    @Option(names = "--nodes", defaultValue = "3", description = "3 or 5 processes (default: ${DEFAULT-VALUE}).")
    private int nodes;

    @Option(names = "--defect", hidden = true, description = "Breaks the nodes in a known way: the run must notice.")
    @Nullable
    private String defect;

    @Option(
            names = "--dir",
            paramLabel = "DIR",
            defaultValue = "target/chaos",
            description = "For data and logs (default: ${DEFAULT-VALUE}); kept only if something was violated.")
    private Path directory;

    @Override
    public Integer call() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        long first = seed == null ? RandomGenerator.getDefault().nextInt(1 << 20) : seed;
        int broken = 0;
        for (int run = 0; run < runs; run++) {
            Duration duration = Duration.ofMillis((long) (minutes * 60_000));
            out.println("seed " + (first + run) + (defect == null ? "" : ", broken build " + defect));
            ChaosResult result =
                    ChaosRun.run(new ChaosRun.Settings(first + run, nodes, duration, directory, defect), out);
            result.print(out);
            broken += result.violations().isEmpty() ? 0 : 1;
        }
        out.println(runs + " runs, " + broken + " with violations");
        return broken == 0 ? 0 : VIOLATED;
    }
}
