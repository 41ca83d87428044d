package io.grape.benchmarks.report.chart;

import java.util.List;
import java.util.Locale;
import java.util.stream.DoubleStream;

/**
 * Lines: one a series, in the order of its points. Serves recall beside queries a second, latency by percentile, latency by rate.
 *
 * @param title  what is shown
 * @param x      the horizontal axis
 * @param y      the vertical axis
 * @param series the lines; the first eight have colours of their own
 */
public record LineChart(String title, Axis x, Axis y, List<Series> series) implements Chart {
    /**
     * One line.
     *
     * @param name   for the legend
     * @param points in the order in which they are joined
     */
    public record Series(String name, List<Point> points) {
        /** Copies the list. */
        public Series {
            points = List.copyOf(points);
        }
    }

    /**
     * A place on a line.
     *
     * @param x    figure on the horizontal axis
     * @param y    median of the rounds; not drawn if NaN, or not above zero on a logarithmic axis
     * @param low  least of the rounds, NaN if there was one round only
     * @param high greatest of the rounds, NaN if there was one round only
     */
    public record Point(double x, double y, double low, double high) {
        /** Makes a place without a range. */
        public Point(double x, double y) {
            this(x, y, Double.NaN, Double.NaN);
        }
    }

    /** Copies the list. */
    public LineChart {
        series = List.copyOf(series);
    }

    @Override
    public String svg() {
        Canvas canvas = new Canvas(title, series.stream().map(Series::name).toList());
        List<Point> all =
                series.stream().flatMap(line -> line.points().stream()).toList();
        Scale horizontal = Scale.fit(x, all.stream().mapToDouble(Point::x).toArray(), Canvas.LEFT, Canvas.RIGHT);
        double[] heights = all.stream()
                .flatMapToDouble(point -> DoubleStream.of(point.y(), point.low(), point.high()))
                .toArray();
        Scale vertical = Scale.fit(y, heights, Canvas.BOTTOM, Canvas.TOP);
        canvas.horizontalAxis(horizontal, x.label());
        canvas.verticalAxis(vertical, y.label());
        for (int i = 0; i < series.size(); i++) {
            draw(canvas, i, horizontal, vertical);
        }
        return canvas.finish();
    }

    private void draw(Canvas canvas, int index, Scale horizontal, Scale vertical) {
        Series line = series.get(index);
        List<Point> drawn = line.points().stream()
                .filter(point -> horizontal.holds(point.x()) && vertical.holds(point.y()))
                .toList();
        StringBuilder places = new StringBuilder();
        for (Point point : drawn) {
            places.append(String.format(Locale.ROOT, "%.1f,%.1f ", horizontal.at(point.x()), vertical.at(point.y())));
        }
        canvas.path(index, places.toString().strip());
        for (Point point : drawn) {
            if (vertical.holds(point.low()) && vertical.holds(point.high())) {
                canvas.whisker(index, horizontal.at(point.x()), vertical.at(point.low()), vertical.at(point.high()));
            }
            canvas.dot(
                    index,
                    horizontal.at(point.x()),
                    vertical.at(point.y()),
                    line.name() + ": " + Scale.text(point.x()) + ", " + Scale.text(point.y()));
        }
    }
}
