package io.grape.benchmarks.report.compare;

import io.grape.benchmarks.report.Report.Better;
import io.grape.benchmarks.report.compare.ResultFile.Figure;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Compares two result files of the same benchmark: for each figure that both have, new by old, and the least and greatest
 * ratio that a pair of rounds would have given. A difference is called clear only if the ranges of the rounds do not touch.
 * Immutable.
 */
public final class Comparison {
    private final String title;
    private final List<Line> lines;

    /**
     * One figure in both runs.
     *
     * @param name   row and column
     * @param before median of the old run
     * @param after  median of the new run
     * @param least  the least ratio of any new round to any old round
     * @param most   the greatest one; both are NaN if one of the runs had one round only
     * @param better which way is good
     */
    record Line(String name, double before, double after, double least, double most, Better better) {
        double ratio() {
            return after / before;
        }

        boolean isNoiseKnown() {
            return !Double.isNaN(least);
        }

        boolean isClear() {
            return least > 1 || most < 1;
        }

        /** Returns by what factor the new run is worse, below 1 if it is better; 1 if neither way is good. */
        double worse() {
            return switch (better) {
                case LOWER -> ratio();
                case HIGHER -> 1 / ratio();
                case NEITHER -> 1;
            };
        }

        String verdict() {
            if (!isNoiseKnown()) {
                return "one round: noise not known";
            }
            if (!isClear()) {
                return "within the noise";
            }
            if (better == Better.NEITHER) {
                return "differs";
            }
            return worse() > 1 ? "WORSE" : "better";
        }
    }

    private Comparison(String title, List<Line> lines) {
        this.title = title;
        this.lines = lines;
    }

    /**
     * Reads both files.
     *
     * @throws IOException if one cannot be read or is no result
     */
    public static Comparison of(Path before, Path after) throws IOException {
        ResultFile old = ResultFile.read(before);
        ResultFile now = ResultFile.read(after);
        List<Line> lines = new ArrayList<>();
        now.figures().forEach((row, columns) -> {
            Map<String, Figure> then = old.figures().getOrDefault(row, Map.of());
            columns.forEach((column, figure) -> {
                Figure earlier = then.get(column);
                if (earlier != null && earlier.median() != 0) {
                    lines.add(line(row + ", " + column, earlier, figure));
                }
            });
        });
        if (lines.isEmpty()) {
            throw new IOException(before + " and " + after + " have no figure in common");
        }
        return new Comparison(now.title(), lines);
    }

    private static Line line(String name, Figure before, Figure after) {
        boolean noiseKnown = before.rounds() > 1 && after.rounds() > 1;
        return new Line(
                name,
                before.median(),
                after.median(),
                noiseKnown ? after.low() / before.high() : Double.NaN,
                noiseKnown ? after.high() / before.low() : Double.NaN,
                after.better());
    }

    /** Prints one line a figure, in Markdown. */
    public void print(PrintWriter out) {
        out.println("## " + title);
        out.println();
        out.println("| | old | new | new / old | noise of the rounds | |");
        out.println("|---|---:|---:|---:|---:|---|");
        for (Line line : lines) {
            out.printf(
                    Locale.ROOT,
                    "| %s | %,.2f | %,.2f | %.2f | %s | %s |%n",
                    line.name(),
                    line.before(),
                    line.after(),
                    line.ratio(),
                    line.isNoiseKnown() ? String.format(Locale.ROOT, "%.2f-%.2f", line.least(), line.most()) : "-",
                    line.verdict());
        }
        out.println();
        out.flush();
    }

    /**
     * Returns how many figures are worse by more than a factor, beyond the noise where it is known.
     *
     * @param factor above 1, such as 1.2
     */
    public int regressions(double factor) {
        return (int) lines.stream()
                .filter(line -> (line.isClear() || !line.isNoiseKnown()) && line.worse() > factor)
                .count();
    }
}
