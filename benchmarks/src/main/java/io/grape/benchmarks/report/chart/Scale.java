package io.grape.benchmarks.report.chart;

import io.grape.benchmarks.report.chart.Axis.Tick;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.DoubleStream;

/** Maps the figures of one axis to places in the picture, and chooses its marks. Immutable. */
final class Scale {
    private static final int MARKS = 6;
    private static final int DECADES_WITH_STEPS = 2;

    private final Axis axis;
    private final double low;
    private final double high;
    private final double from;
    private final double to;

    private Scale(Axis axis, double low, double high, double from, double to) {
        this.axis = axis;
        this.low = low;
        this.high = high;
        this.from = from;
        this.to = to;
    }

    /**
     * Fits an axis to figures.
     *
     * @param figures all that will be drawn; NaN is ignored
     * @param from    where the least of them lies in the picture
     * @param to      where the greatest lies
     */
    static Scale fit(Axis axis, double[] figures, double from, double to) {
        double[] drawn = DoubleStream.concat(
                        DoubleStream.of(figures), axis.ticks().stream().mapToDouble(Tick::at))
                .filter(figure -> Double.isFinite(figure) && (!axis.logarithmic() || figure > 0))
                .toArray();
        double least = DoubleStream.of(drawn).min().orElse(axis.logarithmic() ? 1 : 0);
        double greatest = DoubleStream.of(drawn).max().orElse(1);
        if (axis.logarithmic()) {
            return new Scale(axis, least, greatest > least ? greatest : least * 10, from, to);
        }
        double step = step(Math.max(greatest - least, Math.abs(greatest) * 1e-3));
        double low = Math.floor(least / step) * step;
        double high = Math.ceil(greatest / step) * step;
        return new Scale(axis, low, high > low ? high : low + step, from, to);
    }

    /** Returns whether a figure has a place. */
    boolean holds(double figure) {
        return Double.isFinite(figure) && (!axis.logarithmic() || figure > 0);
    }

    /** Returns the place of a figure. */
    double at(double figure) {
        double share =
                axis.logarithmic() ? Math.log(figure / low) / Math.log(high / low) : (figure - low) / (high - low);
        return from + share * (to - from);
    }

    /** Returns the marks, least first. */
    List<Tick> ticks() {
        if (!axis.ticks().isEmpty()) {
            return axis.ticks();
        }
        return axis.logarithmic() ? logarithmicTicks() : linearTicks();
    }

    private List<Tick> linearTicks() {
        double step = step(high - low);
        List<Tick> ticks = new ArrayList<>();
        for (long i = Math.round(low / step); i * step <= high + step * 1e-6; i++) {
            ticks.add(new Tick(i * step, text(i * step)));
        }
        return ticks;
    }

    private List<Tick> logarithmicTicks() {
        boolean steps = Math.log10(high / low) <= DECADES_WITH_STEPS;
        List<Tick> ticks = new ArrayList<>();
        for (int decade = (int) Math.floor(Math.log10(low)); Math.pow(10, decade) <= high; decade++) {
            for (int digit : steps ? new int[] {1, 2, 5} : new int[] {1}) {
                double at = digit * Math.pow(10, decade);
                if (at >= low * (1 - 1e-9) && at <= high * (1 + 1e-9)) {
                    ticks.add(new Tick(at, text(at)));
                }
            }
        }
        return ticks;
    }

    /** Returns 1, 2 or 5 times a power of ten, so that there are about half a dozen in the range. */
    private static double step(double range) {
        double rough = range / MARKS;
        double power = Math.pow(10, Math.floor(Math.log10(rough)));
        double digit = rough / power;
        return power * (digit <= 1 ? 1 : digit <= 2 ? 2 : digit <= 5 ? 5 : 10);
    }

    /** Returns a figure as short as it can be read: {@code 0.95}, {@code 12}, {@code 3.4k}, {@code 2M}. */
    static String text(double figure) {
        double size = Math.abs(figure);
        if (size >= 1e6) {
            return trimmed(figure / 1e6, 2) + "M";
        }
        if (size >= 1e4) {
            return trimmed(figure / 1e3, 2) + "k";
        }
        return trimmed(figure, size >= 100 ? 0 : size >= 1 ? 2 : 4);
    }

    private static String trimmed(double figure, int decimals) {
        String text = String.format(Locale.ROOT, "%." + decimals + "f", figure);
        if (text.indexOf('.') < 0) {
            return text;
        }
        int end = text.length();
        while (text.charAt(end - 1) == '0') {
            end--;
        }
        return text.substring(0, text.charAt(end - 1) == '.' ? end - 1 : end);
    }
}
