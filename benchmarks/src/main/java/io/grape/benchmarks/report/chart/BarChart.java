package io.grape.benchmarks.report.chart;

import java.util.List;
import java.util.stream.DoubleStream;

/**
 * Bars in groups: one group a category, in it one bar a series, each from zero, or from the edge on a logarithmic axis.
 *
 * @param title      what is shown
 * @param y          the vertical axis
 * @param categories names under the groups
 * @param series     one bar in each group
 */
public record BarChart(String title, Axis y, List<String> categories, List<Series> series) implements Chart {
    private static final double FILLED = 0.8;

    /**
     * The bars of one colour.
     *
     * @param name for the legend
     * @param bars one for each category
     */
    public record Series(String name, List<Bar> bars) {
        /** Copies the list. */
        public Series {
            bars = List.copyOf(bars);
        }
    }

    /**
     * A bar.
     *
     * @param height median of the rounds; NaN for no bar
     * @param low    least of the rounds, NaN if there was one round only
     * @param high   greatest of the rounds, NaN if there was one round only
     */
    public record Bar(double height, double low, double high) {
        /** Makes a bar without a range. */
        public Bar(double height) {
            this(height, Double.NaN, Double.NaN);
        }
    }

    /** Copies the lists; each series must have a bar for each category. */
    public BarChart {
        categories = List.copyOf(categories);
        series = List.copyOf(series);
        for (Series each : series) {
            if (each.bars().size() != categories.size()) {
                throw new IllegalArgumentException(
                        each.name() + " has " + each.bars().size() + " bars for " + categories.size() + " categories");
            }
        }
    }

    @Override
    public String svg() {
        Canvas canvas = new Canvas(title, series.stream().map(Series::name).toList());
        DoubleStream heights = series.stream()
                .flatMap(each -> each.bars().stream())
                .flatMapToDouble(bar -> DoubleStream.of(bar.height(), bar.low(), bar.high()));
        double[] figures = (y.logarithmic() ? heights : DoubleStream.concat(DoubleStream.of(0), heights)).toArray();
        Scale vertical = Scale.fit(y, figures, Canvas.BOTTOM - (y.logarithmic() ? 12 : 0), Canvas.TOP);
        canvas.verticalAxis(vertical, y.label());
        canvas.line("axis", Canvas.LEFT, Canvas.BOTTOM, Canvas.RIGHT, Canvas.BOTTOM);
        double groupWidth = (double) (Canvas.RIGHT - Canvas.LEFT) / Math.max(1, categories.size());
        double barWidth = groupWidth * FILLED / Math.max(1, series.size());
        for (int group = 0; group < categories.size(); group++) {
            double left = Canvas.LEFT + group * groupWidth;
            canvas.text("middle", left + groupWidth / 2, Canvas.BOTTOM + 18, categories.get(group));
            for (int i = 0; i < series.size(); i++) {
                double x = left + groupWidth * (1 - FILLED) / 2 + i * barWidth;
                draw(canvas, i, group, x, barWidth, vertical);
            }
        }
        return canvas.finish();
    }

    private void draw(Canvas canvas, int index, int group, double x, double width, Scale vertical) {
        Series each = series.get(index);
        Bar bar = each.bars().get(group);
        if (!vertical.holds(bar.height())) {
            return;
        }
        double top = vertical.at(bar.height());
        canvas.bar(
                index,
                x,
                width,
                Math.min(top, Canvas.BOTTOM),
                Canvas.BOTTOM,
                each.name() + ", " + categories.get(group) + ": " + Scale.text(bar.height()));
        if (vertical.holds(bar.low()) && vertical.holds(bar.high())) {
            canvas.inkedWhisker(x + width / 2, vertical.at(bar.low()), vertical.at(bar.high()));
        }
    }
}
