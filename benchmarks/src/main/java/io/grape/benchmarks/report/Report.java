package io.grape.benchmarks.report;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
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

    /**
     * A column.
     *
     * @param name     with its unit
     * @param decimals digits after the point in the table; the JSON file has them all
     */
    public record Column(String name, int decimals) {}

    private record Row(String name, List<Double> figures) {}

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
        rows.add(new Row(name, DoubleStream.of(figures).boxed().toList()));
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
                        .append(" |");
            }
            out.println(line);
        }
        out.println();
        out.flush();
    }

    private static String text(double figure, Column column) {
        return Double.isNaN(figure) ? "-" : String.format(Locale.ROOT, "%,." + column.decimals() + "f", figure);
    }

    /**
     * Writes everything as one JSON object: title, facts, columns, rows.
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
            json.writeArrayPropertyStart("rows");
            for (Row row : rows) {
                json.writeStartObject();
                json.writeStringProperty("name", row.name());
                for (int i = 0; i < columns.size(); i++) {
                    if (!Double.isNaN(row.figures().get(i))) {
                        json.writeNumberProperty(
                                columns.get(i).name(), row.figures().get(i));
                    }
                }
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeEndObject();
        }
    }
}
