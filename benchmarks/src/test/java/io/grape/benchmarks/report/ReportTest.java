package io.grape.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
                        + "\"rows\":[{\"name\":\"one \\\"way\\\"\",\"per s\":12345.6}]}");
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
