package io.grape.benchmarks.report.chart;

import java.util.List;

/**
 * One axis of a chart.
 *
 * @param label       with its unit
 * @param logarithmic whether equal lengths are equal ratios; then only figures above zero are drawn
 * @param ticks       where the axis is marked; empty to let the chart choose
 */
public record Axis(String label, boolean logarithmic, List<Tick> ticks) {
    /**
     * A mark.
     *
     * @param at   the figure
     * @param text what is written there
     */
    public record Tick(double at, String text) {}

    /** Copies the list. */
    public Axis {
        ticks = List.copyOf(ticks);
    }

    /** Returns an axis on which equal lengths are equal differences. */
    public static Axis linear(String label) {
        return new Axis(label, false, List.of());
    }

    /** Returns an axis on which equal lengths are equal ratios. */
    public static Axis logarithmic(String label) {
        return new Axis(label, true, List.of());
    }

    /**
     * Returns the axis of percentiles, on which each nine has the same length. A percentile p, 0 to 100, is drawn at
     * {@link #percentile}.
     */
    public static Axis percentiles() {
        return new Axis(
                "percentile",
                true,
                List.of(
                        new Tick(percentile(0), "0"),
                        new Tick(percentile(50), "50"),
                        new Tick(percentile(90), "90"),
                        new Tick(percentile(99), "99"),
                        new Tick(percentile(99.9), "99.9"),
                        new Tick(percentile(99.99), "99.99")));
    }

    /** Returns the place of a percentile, 0 to below 100, on the axis of percentiles: one in how many is above it. */
    public static double percentile(double percentile) {
        return 100 / (100 - percentile);
    }
}
