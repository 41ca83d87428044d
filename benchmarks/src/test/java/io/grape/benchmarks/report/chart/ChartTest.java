package io.grape.benchmarks.report.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grape.benchmarks.report.chart.BarChart.Bar;
import io.grape.benchmarks.report.chart.LineChart.Point;
import io.grape.benchmarks.report.chart.LineChart.Series;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.xml.sax.InputSource;

/** {@code -Dgrape.golden.write=true} writes the expected pictures anew, for people to look at. */
class ChartTest {
    private static final Path GOLDEN = Path.of("src/test/resources/io/grape/benchmarks/report/chart");

    private static final LineChart RECALL = new LineChart(
            "Recall beside speed <100-d>",
            Axis.linear("recall@10"),
            Axis.logarithmic("queries/s"),
            List.of(
                    new Series("ours", List.of(new Point(0.9, 12_000, 11_000, 12_500), new Point(0.99, 3_000))),
                    new Series("theirs", List.of(new Point(0.91, 9_000), new Point(0.985, 1_800), new Point(1, 0)))));

    private static final LineChart LATENCY = new LineChart(
            "Commit round trip",
            Axis.percentiles(),
            Axis.logarithmic("us"),
            List.of(new Series(
                    "force",
                    List.of(
                            new Point(Axis.percentile(0), 90),
                            new Point(Axis.percentile(50), 150),
                            new Point(Axis.percentile(99), 400),
                            new Point(Axis.percentile(99.99), 9_000)))));

    private static final BarChart BARS = new BarChart(
            "Throughput",
            Axis.linear("entries/s"),
            List.of("64 B", "1 KiB"),
            List.of(
                    new BarChart.Series(
                            "a \"quoted\" one", List.of(new Bar(120_000, 110_000, 131_000), new Bar(90_000))),
                    new BarChart.Series("b", List.of(new Bar(61_000), new Bar(Double.NaN)))));

    @Test
    void recallBesideSpeedLooksAsItDid() throws IOException {
        compare(RECALL, "recall.svg");
    }

    @Test
    void latencyByPercentileLooksAsItDid() throws IOException {
        compare(LATENCY, "latency.svg");
    }

    @Test
    void barsLookAsTheyDid() throws IOException {
        compare(BARS, "bars.svg");
    }

    @Test
    void everyPictureIsWellFormedAndHasBothColourSchemes() throws Exception {
        for (Chart chart :
                List.of(RECALL, LATENCY, BARS, new LineChart("none", Axis.linear("x"), Axis.linear("y"), List.of()))) {
            DocumentBuilderFactory.newInstance()
                    .newDocumentBuilder()
                    .parse(new InputSource(new StringReader(chart.svg())));
            assertThat(chart.svg()).contains("prefers-color-scheme: dark").doesNotContain("NaN", "Infinity");
        }
    }

    @Test
    void aSeriesWithoutABarForEachCategoryIsRefused() {
        List<BarChart.Series> series = List.of(new BarChart.Series("short", List.of(new Bar(1))));

        assertThatThrownBy(() -> new BarChart("t", Axis.linear("y"), List.of("a", "b"), series))
                .hasMessageContaining("1 bars for 2 categories");
    }

    @ParameterizedTest
    @CsvSource({"0.95,0.95", "0,0", "12,12", "123.4,123", "34500,34.5k", "2000000,2M", "0.00001,0"})
    void marksAreShort(double figure, String text) {
        assertThat(Scale.text(figure)).isEqualTo(text);
    }

    private static void compare(Chart chart, String name) throws IOException {
        if (Boolean.getBoolean("grape.golden.write")) {
            chart.write(GOLDEN.resolve(name));
        }
        try (InputStream expected = Files.newInputStream(GOLDEN.resolve(name))) {
            assertThat(chart.svg()).isEqualTo(new String(expected.readAllBytes(), StandardCharsets.UTF_8));
        }
    }
}
