package io.grape.benchmarks.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The short form of {@code ./grape chaos}: three processes, a dozen seconds of faults. */
class ChaosScenario {
    private static final long SEED = 2;

    @Test
    void nothingAcknowledgedIsLostAndEveryHistoryIsLinearizable(@TempDir Path directory) throws IOException {
        StringWriter told = new StringWriter();

        ChaosResult result = ChaosRun.run(
                new ChaosRun.Settings(SEED, 3, Duration.ofSeconds(12), directory, null), new PrintWriter(told));

        assertThat(result.violations())
                .as("again with: ./grape chaos --seed " + SEED + " --minutes 0.2\n" + told)
                .isEmpty();
        assertThat(result.did()).isNotEmpty();
        assertThat(result.answered()).isPositive();
    }
}
