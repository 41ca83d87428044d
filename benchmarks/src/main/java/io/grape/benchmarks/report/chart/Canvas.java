package io.grape.benchmarks.report.chart;

import io.grape.benchmarks.report.chart.Axis.Tick;
import java.util.Formatter;
import java.util.List;
import java.util.Locale;

/**
 * The document under a chart: frame, axes, legend and the elements that the charts place. One thread.
 *
 * <p>Ink and paper change with the reader's colour scheme; the colours of the series have about the same contrast to both.
 */
final class Canvas {
    static final int WIDTH = 760;
    static final int LEFT = 72;
    static final int RIGHT = 744;
    static final int TOP = 44;
    static final int BOTTOM = 360;
    private static final int LEGEND_TOP = 424;
    private static final int LEGEND_LINE = 20;
    private static final int LEGEND_COLUMNS = 2;
    private static final List<String> COLOURS =
            List.of("#7b4fc9", "#d9772b", "#2a9d5c", "#2f7fd1", "#cf3f6b", "#8a8d1f", "#1fa3a8", "#9a6b4f");
    private static final String STYLE = """
            <style>
            text { font: 12px system-ui, sans-serif; fill: #24292f; }
            .title { font-size: 15px; font-weight: 600; }
            .paper { fill: #ffffff; }
            .grid { stroke: #d0d7de; }
            .axis { stroke: #57606a; }
            @media (prefers-color-scheme: dark) {
            text { fill: #e6edf3; }
            .paper { fill: #0d1117; }
            .grid { stroke: #30363d; }
            .axis { stroke: #8b949e; }
            }
            </style>
            """;

    private final Formatter svg = new Formatter(new StringBuilder(), Locale.ROOT);

    /**
     * Begins a document.
     *
     * @param names of the series, for the legend
     */
    Canvas(String title, List<String> names) {
        int lines = (names.size() + LEGEND_COLUMNS - 1) / LEGEND_COLUMNS;
        int height = LEGEND_TOP + lines * LEGEND_LINE;
        svg.format(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">\n",
                WIDTH, height, escaped(title));
        svg.format("%s", STYLE);
        svg.format("<rect class=\"paper\" width=\"%d\" height=\"%d\"/>\n", WIDTH, height);
        svg.format("<text class=\"title\" x=\"%d\" y=\"24\">%s</text>\n", LEFT, escaped(title));
        for (int i = 0; i < names.size(); i++) {
            int x = LEFT + i % LEGEND_COLUMNS * (RIGHT - LEFT) / LEGEND_COLUMNS;
            int y = LEGEND_TOP + i / LEGEND_COLUMNS * LEGEND_LINE;
            svg.format(
                    "<rect x=\"%d\" y=\"%d\" width=\"12\" height=\"12\" rx=\"2\" fill=\"%s\"/>\n",
                    x, y - 10, colour(i));
            svg.format("<text x=\"%d\" y=\"%d\">%s</text>\n", x + 18, y, escaped(names.get(i)));
        }
    }

    static String colour(int series) {
        return COLOURS.get(series % COLOURS.size());
    }

    void horizontalAxis(Scale scale, String label) {
        for (Tick tick : scale.ticks()) {
            double x = scale.at(tick.at());
            line("grid", x, TOP, x, BOTTOM);
            text("middle", x, BOTTOM + 18, tick.text());
        }
        line("axis", LEFT, BOTTOM, RIGHT, BOTTOM);
        text("middle", (LEFT + RIGHT) / 2.0, BOTTOM + 38, label);
    }

    void verticalAxis(Scale scale, String label) {
        for (Tick tick : scale.ticks()) {
            double y = scale.at(tick.at());
            line("grid", LEFT, y, RIGHT, y);
            text("end", LEFT - 8, y + 4, tick.text());
        }
        line("axis", LEFT, TOP, LEFT, BOTTOM);
        svg.format(
                "<text text-anchor=\"middle\" transform=\"translate(18 %d) rotate(-90)\">%s</text>\n",
                (TOP + BOTTOM) / 2, escaped(label));
    }

    void line(String kind, double x1, double y1, double x2, double y2) {
        svg.format("<line class=\"%s\" x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\"/>\n", kind, x1, y1, x2, y2);
    }

    /** Draws the range of the rounds. */
    void whisker(int series, double x, double low, double high) {
        svg.format(
                "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"%s\" stroke-width=\"1.5\" opacity=\"0.6\"/>\n",
                x, low, x, high, colour(series));
    }

    /** Draws a range over a bar of the series' own colour. */
    void inkedWhisker(double x, double low, double high) {
        line("axis", x, low, x, high);
    }

    void path(int series, String places) {
        svg.format(
                "<polyline fill=\"none\" stroke=\"%s\" stroke-width=\"2\" stroke-linejoin=\"round\" points=\"%s\"/>\n",
                colour(series), places);
    }

    void dot(int series, double x, double y, String hint) {
        svg.format(
                "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3\" fill=\"%s\"><title>%s</title></circle>\n",
                x, y, colour(series), escaped(hint));
    }

    void bar(int series, double x, double width, double top, double bottom, String hint) {
        svg.format(
                "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" fill=\"%s\"><title>%s</title></rect>\n",
                x, top, width, bottom - top, colour(series), escaped(hint));
    }

    void text(String anchor, double x, double y, String text) {
        svg.format("<text text-anchor=\"%s\" x=\"%.1f\" y=\"%.1f\">%s</text>\n", anchor, x, y, escaped(text));
    }

    /** Ends the document and returns it. */
    String finish() {
        return svg.format("</svg>\n").toString();
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
