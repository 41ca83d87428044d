package io.grape.benchmarks.report.compare;

import io.grape.benchmarks.report.Report.Better;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * The figures of one result file, by row and column.
 *
 * @param title   of the benchmark
 * @param figures row, then column, in the order of the file
 */
record ResultFile(String title, Map<String, Map<String, Figure>> figures) {
    /**
     * One figure.
     *
     * @param median of the rounds
     * @param low    least of the rounds
     * @param high   greatest of the rounds
     * @param rounds how many there were; with fewer than two the noise is not known
     * @param better which way is good
     */
    record Figure(double median, double low, double high, int rounds, Better better) {}

    /**
     * Reads a file of a {@code Report}, or JMH's own.
     *
     * @throws IOException if it cannot be read or is neither
     */
    static ResultFile read(Path file) throws IOException {
        try (JsonParser parser =
                new JsonFactory().createParser(ObjectReadContext.empty(), Files.newInputStream(file))) {
            parser.nextToken();
            Object content = value(parser);
            if (content instanceof List<?> benchmarks) {
                return new ResultFile(String.valueOf(file.getFileName()), jmh(benchmarks));
            }
            Map<?, ?> report = object(content);
            return new ResultFile(String.valueOf(report.get("title")), report(report));
        } catch (JacksonException | ClassCastException malformed) {
            throw new IOException(file + " is not a result of a benchmark: " + malformed.getMessage(), malformed);
        } catch (UncheckedIOException unreadable) {
            throw unreadable.getCause();
        }
    }

    private static Map<String, Map<String, Figure>> report(Map<?, ?> report) {
        Map<String, Better> better = new LinkedHashMap<>();
        for (Object column : list(report.get("columns"))) {
            Map<?, ?> named = object(column);
            better.put(
                    (String) named.get("name"),
                    Better.valueOf(((String) named.get("better")).toUpperCase(Locale.ROOT)));
        }
        Map<String, Map<String, Figure>> figures = new LinkedHashMap<>();
        for (Object each : list(report.get("rows"))) {
            Map<?, ?> row = object(each);
            Map<?, ?> rounds = row.containsKey("rounds") ? object(row.get("rounds")) : Map.of();
            Map<String, Figure> columns = new LinkedHashMap<>();
            better.forEach((column, way) -> {
                if (row.get(column) instanceof Double median) {
                    columns.put(column, figure(median, list(rounds.get(column)), way));
                }
            });
            figures.put((String) row.get("name"), columns);
        }
        return figures;
    }

    private static Map<String, Map<String, Figure>> jmh(List<?> benchmarks) {
        Map<String, Map<String, Figure>> figures = new LinkedHashMap<>();
        for (Object each : benchmarks) {
            Map<?, ?> benchmark = object(each);
            StringBuilder name = new StringBuilder((String) benchmark.get("benchmark"));
            if (benchmark.containsKey("params")) {
                object(benchmark.get("params"))
                        .forEach((key, value) ->
                                name.append(' ').append(key).append('=').append(value));
            }
            Map<String, Figure> columns = new LinkedHashMap<>();
            Map<?, ?> primary = object(benchmark.get("primaryMetric"));
            String unit = (String) primary.get("scoreUnit");
            columns.put(unit, metric(primary, unit.startsWith("ops/") ? Better.HIGHER : Better.LOWER));
            object(benchmark.get("secondaryMetrics")).forEach((key, value) -> {
                if (((String) key).endsWith("gc.alloc.rate.norm")) {
                    columns.put("B/op", metric(object(value), Better.LOWER));
                }
            });
            figures.put(name.toString(), columns);
        }
        return figures;
    }

    private static Figure metric(Map<?, ?> metric, Better better) {
        List<Object> rounds = new ArrayList<>();
        for (Object fork : list(metric.get("rawData"))) {
            rounds.addAll(list(fork));
        }
        return figure((Double) metric.get("score"), rounds, better);
    }

    private static Figure figure(double median, List<?> rounds, Better better) {
        double low = median;
        double high = median;
        for (Object round : rounds) {
            low = Math.min(low, (Double) round);
            high = Math.max(high, (Double) round);
        }
        return new Figure(median, low, high, rounds.size(), better);
    }

    /** Returns the value at the parser's token: String, Double, Boolean, List, Map, or the text "null". */
    private static Object value(JsonParser parser) {
        JsonToken token = parser.currentToken();
        if (token == JsonToken.START_OBJECT) {
            Map<String, Object> object = new LinkedHashMap<>();
            for (String name = parser.nextName(); name != null; name = parser.nextName()) {
                parser.nextToken();
                object.put(name, value(parser));
            }
            return object;
        }
        if (token == JsonToken.START_ARRAY) {
            List<Object> array = new ArrayList<>();
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                array.add(value(parser));
            }
            return array;
        }
        return token.isNumeric() ? (Object) parser.getDoubleValue() : parser.getString();
    }

    private static Map<?, ?> object(Object value) {
        return (Map<?, ?>) value;
    }

    private static List<?> list(Object value) {
        return value == null ? List.of() : (List<?>) value;
    }
}
