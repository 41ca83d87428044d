package io.grape.benchmarks.report.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grape.benchmarks.report.Report;
import io.grape.benchmarks.report.Report.Column;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ComparisonTest {
    @TempDir
    private Path directory;

    private Path result(String file, double[]... rounds) throws IOException {
        Report report = new Report("Two ways", List.of(Column.higher("per s", 0), Column.lower("p99 us", 1)));
        report.rounds("ours", List.of(rounds));
        Path path = directory.resolve(file);
        report.writeJson(path);
        return path;
    }

    private static String printed(Comparison comparison) {
        StringWriter text = new StringWriter();
        comparison.print(new PrintWriter(text));
        return text.toString();
    }

    @Test
    void aDifferenceThatTheRoundsDoNotShareIsClear() throws IOException {
        Path before = result("old.json", new double[] {100, 10}, new double[] {110, 12}, new double[] {105, 11});
        Path after = result("new.json", new double[] {50, 10}, new double[] {55, 13}, new double[] {52, 11});

        Comparison comparison = Comparison.of(before, after);

        assertThat(printed(comparison))
                .contains("| ours, per s | 105.00 | 52.00 | 0.50 | 0.45-0.55 | WORSE |")
                .contains("| ours, p99 us | 11.00 | 11.00 | 1.00 | 0.83-1.30 | within the noise |");
        assertThat(comparison.regressions(1.2)).isOne();
        assertThat(comparison.regressions(3)).isZero();
    }

    @Test
    void oneRoundSaysThatTheNoiseIsNotKnown() throws IOException {
        Path before = result("old.json", new double[] {100, 10});
        Path after = result("new.json", new double[] {120, 20});

        Comparison comparison = Comparison.of(before, after);

        assertThat(printed(comparison))
                .contains("| ours, p99 us | 10.00 | 20.00 | 2.00 | - | one round: noise not known |");
        assertThat(comparison.regressions(1.5)).isOne();
    }

    @Test
    void theResultsOfJmhAreRead() throws IOException {
        Path before = Files.writeString(directory.resolve("a.json"), jmh(4.0, "3.9, 4.1"));
        Path after = Files.writeString(directory.resolve("b.json"), jmh(2.0, "1.9, 2.1"));

        assertThat(printed(Comparison.of(before, after)))
                .contains("| X.lookup shards=64, ns/op | 4.00 | 2.00 | 0.50 | 0.46-0.54 | better |")
                .contains("| X.lookup shards=64, B/op | 8.00 | 8.00 | 1.00 | - | one round: noise not known |");
    }

    private static String jmh(double score, String rounds) {
        return """
                [{"benchmark": "X.lookup", "forks": 1, "ok": true, "none": null, "params": {"shards": "64"},
                  "primaryMetric": {"score": %s, "scoreUnit": "ns/op", "rawData": [[%s]]},
                  "secondaryMetrics": {"gc.alloc.rate.norm": {"score": 8.0, "rawData": [[8.0]]}}}]
                """.formatted(score, rounds);
    }

    @Test
    void aFileThatIsNoResultIsRefusedWithItsName() throws IOException {
        Path result = result("old.json", new double[] {1, 1});
        Path text = Files.writeString(directory.resolve("text.json"), "[1, 2]");
        Path other = Files.writeString(directory.resolve("other.json"), "{\"title\":\"t\",\"columns\":[],\"rows\":[]}");

        assertThatThrownBy(() -> Comparison.of(result, text)).hasMessageContaining("text.json is not a result");
        assertThatThrownBy(() -> Comparison.of(result, other)).hasMessageContaining("no figure in common");
    }
}
