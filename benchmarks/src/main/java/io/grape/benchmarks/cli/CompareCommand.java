package io.grape.benchmarks.cli;

import io.grape.benchmarks.report.compare.Comparison;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code grape bench compare}: two runs of one benchmark, figure by figure. */
@Command(
        name = "compare",
        mixinStandardHelpOptions = true,
        description = "Two runs of one benchmark: the ratio of each figure, with the noise of the rounds.")
final class CompareCommand implements Callable<Integer> {
    private static final int REGRESSION = 1;

    @ParentCommand
    @SuppressWarnings("NullAway.Init") // picocli sets it before call
    private BenchCommand bench;

    @Parameters(index = "0", paramLabel = "OLD.json", description = "The run before.")
    @SuppressWarnings("NullAway.Init") // picocli sets it before call
    private Path before;

    @Parameters(index = "1", paramLabel = "NEW.json", description = "The run after.")
    @SuppressWarnings("NullAway.Init") // picocli sets it before call
    private Path after;

    @Option(
            names = "--fail-over",
            paramLabel = "FACTOR",
            description =
                    "Ends with exit code 1 if a figure is worse by more than this factor, such as 1.2, beyond the noise.")
    @Nullable
    private Double failOver;

    @Override
    public Integer call() throws IOException {
        Comparison comparison = Comparison.of(before, after);
        comparison.print(bench.writer());
        if (failOver == null) {
            return 0;
        }
        int regressions = comparison.regressions(failOver);
        bench.writer().println(regressions + " figures are worse by more than " + failOver);
        return regressions == 0 ? 0 : REGRESSION;
    }
}
