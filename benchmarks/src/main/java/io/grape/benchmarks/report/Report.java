package io.grape.benchmarks.report;

import io.grape.benchmarks.report.chart.Chart;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.DoubleSummaryStatistics;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.DoubleStream;
import tools.jackson.core.JsonEncoding;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/** One benchmark's table: rows with a name and a figure for each column. One thread. */
public final class Report {
    private final String title;
    private final List<Column> columns;
    private final Map<String, String> facts = new LinkedHashMap<>();
    private final List<Row> rows = new ArrayList<>();
    private final List<Chart> charts = new ArrayList<>();

    /** Which figures of a column are the good ones. */
    public enum Better {
        LOWER,
        HIGHER,
        /** Neither: the figure describes, it does not judge. */
        NEITHER
    }

    /**
     * A column.
     *
     * @param name     with its unit
     * @param decimals digits after the point in the table; the JSON file has them all
     * @param better   what a comparison of two runs calls a regression
     */
    public record Column(String name, int decimals, Better better) {
        /** A column that describes. */
        public Column(String name, int decimals) {
            this(name, decimals, Better.NEITHER);
        }

        /** A column of which less is better: times, bytes. */
        public static Column lower(String name, int decimals) {
            return new Column(name, decimals, Better.LOWER);
        }

        /** A column of which more is better: rates. */
        public static Column higher(String name, int decimals) {
            return new Column(name, decimals, Better.HIGHER);
        }
    }

    private record Row(String name, List<Double> figures, List<List<Double>> rounds) {}

    /**
     * @param title   what was measured
     * @param columns of figures, after the first one, which holds the names of the rows
     */
    public Report(String title, List<Column> columns) {
        this.title = title;
        this.columns = List.copyOf(columns);
    }

    /** Notes something that the figures depend on: sizes, policy, versions. */
    public Report fact(String name, String value) {
        facts.put(name, value);
        return this;
    }

    /** Notes several of them. */
    public Report facts(Map<String, String> more) {
        facts.putAll(more);
        return this;
    }

    /** Adds a row; NaN stands for a figure that this row does not have. */
    public void row(String name, double... figures) {
        if (figures.length != columns.size()) {
            throw new IllegalArgumentException(figures.length + " figures for " + columns.size() + " columns");
        }
        rows.add(new Row(name, DoubleStream.of(figures).boxed().toList(), List.of()));
    }

    /**
     * Adds a row of several rounds: the table has each column's median, the JSON file each round, so that a comparison knows the
     * noise.
     *
     * @param rounds the figures of each round; NaN stands for a figure that a round does not have
     */
    public void rounds(String name, List<double[]> rounds) {
        double[] medians = new double[columns.size()];
        List<List<Double>> spread = new ArrayList<>();
        for (int i = 0; i < medians.length; i++) {
            int column = i;
            double[] figures = rounds.stream()
                    .mapToDouble(round -> round[column])
                    .filter(figure -> !Double.isNaN(figure))
                    .toArray();
            medians[i] = median(figures);
            spread.add(DoubleStream.of(figures).boxed().toList());
        }
        row(name, medians);
        rows.set(rows.size() - 1, new Row(name, rows.getLast().figures(), spread));
    }

    /** Returns the median: of an even number the mean of the middle two, NaN of none. */
    public static double median(double... figures) {
        double[] sorted = DoubleStream.of(figures).sorted().toArray();
        int middle = sorted.length / 2;
        if (sorted.length == 0) {
            return Double.NaN;
        }
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    /** Adds a picture. */
    public void chart(Chart chart) {
        charts.add(chart);
    }

    /**
     * Writes the pictures as {@code NAME-0.svg}, {@code NAME-1.svg} and so on.
     *
     * @return the files
     * @throws IOException if one cannot be written
     */
    public List<Path> writeCharts(Path directory, String name) throws IOException {
        List<Path> files = new ArrayList<>();
        for (int i = 0; i < charts.size(); i++) {
            Path file = directory.resolve(name + "-" + i + ".svg");
            charts.get(i).write(file);
            files.add(file);
        }
        return files;
    }

    /** Prints the facts and the table, in Markdown. */
    public void print(PrintWriter out) {
        out.println("## " + title);
        out.println();
        facts.forEach((name, value) -> out.println("- " + name + ": " + value));
        out.println();
        StringBuilder head = new StringBuilder("| |");
        StringBuilder rule = new StringBuilder("|---|");
        for (Column column : columns) {
            head.append(' ').append(column.name()).append(" |");
            rule.append("---:|");
        }
        out.println(head);
        out.println(rule);
        for (Row row : rows) {
            StringBuilder line = new StringBuilder("| ").append(row.name()).append(" |");
            for (int i = 0; i < columns.size(); i++) {
                line.append(' ')
                        .append(text(row.figures().get(i), columns.get(i)))
                        .append(spread(row, i))
                        .append(" |");
            }
            out.println(line);
        }
        out.println();
        out.flush();
    }

    private String spread(Row row, int column) {
        if (row.rounds().isEmpty() || row.rounds().get(column).size() < 2) {
            return "";
        }
        DoubleSummaryStatistics range = row.rounds().get(column).stream()
                .mapToDouble(Double::doubleValue)
                .summaryStatistics();
        return " (" + text(range.getMin(), columns.get(column)) + "-" + text(range.getMax(), columns.get(column)) + ")";
    }

    private static String text(double figure, Column column) {
        return Double.isNaN(figure) ? "-" : String.format(Locale.ROOT, "%,." + column.decimals() + "f", figure);
    }

    /**
     * Writes everything as one JSON object: title, facts, columns, rows with their rounds.
     *
     * @throws IOException if the file cannot be written
     */
    public void writeJson(Path file) throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        try (JsonGenerator json = new JsonFactory()
                .createGenerator(ObjectWriteContext.empty(), Files.newOutputStream(file), JsonEncoding.UTF8)) {
            json.writeStartObject();
            json.writeStringProperty("title", title);
            json.writeObjectPropertyStart("facts");
            facts.forEach(json::writeStringProperty);
            json.writeEndObject();
            json.writeArrayPropertyStart("columns");
            for (Column column : columns) {
                json.writeStartObject();
                json.writeStringProperty("name", column.name());
                json.writeStringProperty("better", column.better().name().toLowerCase(Locale.ROOT));
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeArrayPropertyStart("rows");
            rows.forEach(row -> write(row, json));
            json.writeEndArray();
            json.writeEndObject();
        }
    }

    private void write(Row row, JsonGenerator json) {
        json.writeStartObject();
        json.writeStringProperty("name", row.name());
        for (int i = 0; i < columns.size(); i++) {
            if (!Double.isNaN(row.figures().get(i))) {
                json.writeNumberProperty(columns.get(i).name(), row.figures().get(i));
            }
        }
        if (!row.rounds().isEmpty()) {
            json.writeObjectPropertyStart("rounds");
            for (int i = 0; i < columns.size(); i++) {
                json.writeArrayPropertyStart(columns.get(i).name());
                row.rounds().get(i).forEach(json::writeNumber);
                json.writeEndArray();
            }
            json.writeEndObject();
        }
        json.writeEndObject();
    }
}
