package io.grape.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grape.benchmarks.report.chart.Axis;
import io.grape.benchmarks.report.chart.LineChart;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportTest {
    private final Report report = new Report(
                    "Two ways", List.of(new Report.Column("per s", 0), new Report.Column("p99 us", 1)))
            .fact("policy", "force");

    @Test
    void theTableHasAColumnForEachFigureAndADashForWhatARowDoesNotHave() {
        report.row("one \"way\"", 12_345.6, Double.NaN);

        StringWriter text = new StringWriter();
        report.print(new PrintWriter(text));

        assertThat(text.toString())
                .contains("## Two ways")
                .contains("- policy: force")
                .contains("| | per s | p99 us |")
                .contains("| one \"way\" | 12,346 | - |");
    }

    @Test
    void theJsonFileHasEveryFigureInFull(@TempDir Path directory) throws IOException {
        report.row("one \"way\"", 12_345.6, Double.NaN);
        Path file = directory.resolve("made/on/the/way.json");

        report.writeJson(file);

        assertThat(Files.readString(file))
                .isEqualTo("{\"title\":\"Two ways\",\"facts\":{\"policy\":\"force\"},"
                        + "\"columns\":[{\"name\":\"per s\",\"better\":\"neither\"},"
                        + "{\"name\":\"p99 us\",\"better\":\"neither\"}],"
                        + "\"rows\":[{\"name\":\"one \\\"way\\\"\",\"per s\":12345.6}]}");
    }

    @Test
    void aRowOfRoundsHasTheMedianAndTheRangeAndTheFileHasEachRound(@TempDir Path directory) throws IOException {
        report.rounds(
                "ours", List.of(new double[] {10, Double.NaN}, new double[] {30, 2}, new double[] {20, Double.NaN}));
        StringWriter text = new StringWriter();
        report.print(new PrintWriter(text));
        Path file = directory.resolve("rounds.json");

        report.writeJson(file);

        assertThat(text.toString()).contains("| ours | 20 (10-30) | 2.0 |");
        assertThat(Files.readString(file)).contains("\"rounds\":{\"per s\":[10.0,30.0,20.0],\"p99 us\":[2.0]}");
    }

    @Test
    void chartsAreNumbered(@TempDir Path directory) throws IOException {
        report.chart(new LineChart("a", Axis.linear("x"), Axis.linear("y"), List.of()));
        report.chart(new LineChart("b", Axis.linear("x"), Axis.linear("y"), List.of()));

        assertThat(report.writeCharts(directory, "ways"))
                .containsExactly(directory.resolve("ways-0.svg"), directory.resolve("ways-1.svg"))
                .allSatisfy(file -> assertThat(file).isNotEmptyFile());
    }

    @Test
    void aRowWithAnotherNumberOfFiguresIsRefused() {
        assertThatThrownBy(() -> report.row("short", 1)).hasMessageContaining("1 figures for 2 columns");
    }

    @Test
    void theMachineIsDescribedWithItsLoad(@TempDir Path directory) throws IOException {
        assertThat(Machine.describe(directory)).containsKeys("processors", "load average", "jvm", "disk");
    }
}
