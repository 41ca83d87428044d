package io.grape.benchmarks.vectors;

import io.grape.benchmarks.report.Machine;
import io.grape.benchmarks.report.Report;
import io.grape.benchmarks.report.Report.Column;
import io.grape.benchmarks.report.chart.Axis;
import io.grape.benchmarks.report.chart.BarChart;
import io.grape.benchmarks.report.chart.LineChart;
import io.grape.benchmarks.vectors.data.VectorSet;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** Everything that was found out about a set, as tables. */
public record VectorsResult(
        VectorSet set,
        Map<Contender, Curve> curves,
        Map<Contender, BuiltIndex> built,
        Map<Contender, Double> residentBytes) {
    /** Recalls at which contenders are compared. */
    static final double[] RECALLS = {0.90, 0.95, 0.99};

    private static final double MB = 1e6;
    private static final double LEAST_DRAWN = 0.8;

    /** Name of the set. */
    public String name() {
        return set.name();
    }

    /** The tables: at equal recall, build and memory, all beams. */
    public List<Report> reports() throws IOException {
        return List.of(atEqualRecall(), buildAndMemory(), allBeams());
    }

    private Report report(String title, List<Column> columns) throws IOException {
        return new Report(set.name() + ": " + title, columns)
                .facts(Machine.describe(set.directory()))
                .fact(
                        "vectors",
                        set.rows() + " of " + set.dimension() + " components, "
                                + (set.angular() ? "angular" : "Euclidean"))
                .fact("queries", set.queries() + " held out, one at a time, one thread; the ten nearest");
    }

    private Report atEqualRecall() throws IOException {
        List<Column> columns = new ArrayList<>();
        for (double recall : RECALLS) {
            columns.add(new Column(recall + ": beam", 0));
            columns.add(Column.higher("queries/s", 0));
            columns.add(Column.higher("per CPU s", 0));
            columns.add(new Column("to the best peer", 2));
            columns.add(Column.lower("p50 us", 0));
            columns.add(Column.lower("p99 us", 0));
        }
        Report report = report("queries a second at equal recall@10, between two beams", columns);
        curves.forEach((contender, curve) -> {
            double[] figures = new double[columns.size()];
            int at = 0;
            for (double recall : RECALLS) {
                Curve.Point point = curve.at(recall);
                figures[at++] = point.beam() == 0 ? Double.NaN : point.beam();
                figures[at++] = point.perSecond();
                figures[at++] = point.perCpuSecond();
                figures[at++] = point.perCpuSecond() / bestPeer(recall);
                figures[at++] = point.p50Us();
                figures[at++] = point.p99Us();
            }
            report.row(contender.label(), figures);
        });
        report.chart(new LineChart(
                set.name() + ": recall and queries a second, one thread",
                Axis.linear("recall@10"),
                Axis.logarithmic("queries a second"),
                lines(Curve.Point::perSecond)));
        report.chart(new LineChart(
                set.name() + ": recall and the slowest query of a hundred",
                Axis.linear("recall@10"),
                Axis.logarithmic("p99, microseconds"),
                lines(Curve.Point::p99Us)));
        return report.fact("to the best peer", "queries per CPU second, divided by those of the best peer");
    }

    /** One line a contender, from the recall at which pictures begin. */
    private List<LineChart.Series> lines(ToDoubleFunction<Curve.Point> figure) {
        return curves.values().stream()
                .map(curve -> new LineChart.Series(
                        curve.label(),
                        curve.points().stream()
                                .filter(point -> point.recall() >= LEAST_DRAWN)
                                .map(point -> new LineChart.Point(point.recall(), figure.applyAsDouble(point)))
                                .toList()))
                .toList();
    }

    /** Queries per CPU second of the best peer at a recall; NaN without peers. */
    double bestPeer(double recall) {
        return curves.entrySet().stream()
                .filter(entry -> !entry.getKey().isOurs())
                .mapToDouble(entry -> entry.getValue().at(recall).perCpuSecond())
                .filter(Double::isFinite)
                .max()
                .orElse(Double.NaN);
    }

    private Report buildAndMemory() throws IOException {
        Report report = report(
                        "build and memory",
                        List.of(
                                new Column("threads", 0),
                                new Column("build s", 1),
                                new Column("CPU s", 1),
                                new Column("load when built", 1),
                                new Column("files MB", 1),
                                new Column("to the raw vectors", 2),
                                new Column("resident MB", 0)))
                .fact("raw vectors", String.format(Locale.ROOT, "%.1f MB", set.rawBytes() / MB));
        List<String> names = built.keySet().stream().map(Contender::label).toList();
        report.chart(new BarChart(
                set.name() + ": build",
                Axis.linear("seconds"),
                names,
                List.of(bars("by the clock", BuiltIndex::wallSeconds), bars("processor", BuiltIndex::cpuSeconds))));
        report.chart(new BarChart(
                set.name() + ": files, as multiples of the raw vectors",
                Axis.linear("times the raw vectors"),
                names,
                List.of(bars("files", index -> index.bytes() / set.rawBytes()))));
        built.forEach((contender, index) -> report.row(
                contender.label(),
                contender.threads(),
                index.wallSeconds(),
                index.cpuSeconds(),
                index.loadAverage(),
                index.bytes() / MB,
                index.bytes() / set.rawBytes(),
                residentBytes.getOrDefault(contender, Double.NaN) / MB));
        return report;
    }

    private BarChart.Series bars(String name, ToDoubleFunction<BuiltIndex> figure) {
        return new BarChart.Series(
                name,
                built.values().stream()
                        .map(index -> new BarChart.Bar(figure.applyAsDouble(index)))
                        .toList());
    }

    private Report allBeams() throws IOException {
        Report report = report(
                "all beams",
                List.of(
                        new Column("beam", 0),
                        new Column("recall@10", 4),
                        new Column("queries/s", 0),
                        new Column("per CPU s", 0),
                        new Column("p50 us", 0),
                        new Column("p99 us", 0)));
        for (Curve curve : curves.values()) {
            for (Curve.Point point : curve.points()) {
                report.row(
                        curve.label(),
                        point.beam(),
                        point.recall(),
                        point.perSecond(),
                        point.perCpuSecond(),
                        point.p50Us(),
                        point.p99Us());
            }
        }
        return report;
    }
}
