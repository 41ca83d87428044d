package io.grape.benchmarks.vectors;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/** What one contender did at each beam, over all rounds. */
final class Curve {
    private final String label;
    private final List<Tally> tallies = new ArrayList<>();

    /**
     * A beam's figures, or figures between those of two beams.
     *
     * @param recall           share of the true ten that were found
     * @param perSecond        queries a second, the median round by the wall clock
     * @param perCpuSecond     queries a second of processor time, the median round
     * @param p50Us            half of the queries took no longer
     * @param p99Us            99 of 100 took no longer
     */
    record Point(int beam, double recall, double perSecond, double perCpuSecond, double p50Us, double p99Us) {}

    /** All rounds at one beam. */
    private static final class Tally {
        private final int beam;
        private final Histogram latencyNs = new Histogram(TimeUnit.MINUTES.toNanos(1), 3);
        private final List<Double> perSecond = new ArrayList<>();
        private final List<Double> perCpuSecond = new ArrayList<>();
        private double recall;

        Tally(int beam) {
            this.beam = beam;
        }

        Point point() {
            return new Point(
                    beam,
                    recall,
                    median(perSecond),
                    median(perCpuSecond),
                    latencyNs.getValueAtPercentile(50) / 1e3,
                    latencyNs.getValueAtPercentile(99) / 1e3);
        }
    }

    Curve(String label, int[] beams) {
        this.label = label;
        for (int beam : beams) {
            tallies.add(new Tally(beam));
        }
    }

    String label() {
        return label;
    }

    /** Adds a round at the beam of a place. */
    void add(int place, DriverProcess.Pass pass, double recall) {
        Tally tally = tallies.get(place);
        int queries = pass.latenciesNs().length;
        tally.recall = recall;
        tally.perSecond.add(queries * 1e9 / pass.spent().wallNs());
        tally.perCpuSecond.add(queries * 1e9 / pass.spent().cpuNs());
        for (long latency : pass.latenciesNs()) {
            tally.latencyNs.recordValue(latency);
        }
    }

    /** The figures of each beam that was run. */
    List<Point> points() {
        return tallies.stream()
                .filter(tally -> !tally.perSecond.isEmpty())
                .map(Tally::point)
                .toList();
    }

    /**
     * The figures at a recall, by a straight line between the logarithms of those of the beams on either side; of the narrowest
     * beam where that finds more already, and NaN where none finds as much.
     */
    Point at(double recall) {
        List<Point> points = new ArrayList<>(points());
        points.sort(Comparator.comparingDouble(Point::recall));
        Point below = null;
        for (Point point : points) {
            if (point.recall() >= recall) {
                return below == null ? point : between(below, point, recall);
            }
            below = point;
        }
        return new Point(0, recall, Double.NaN, Double.NaN, Double.NaN, Double.NaN);
    }

    private static Point between(Point a, Point b, double recall) {
        double share = (recall - a.recall()) / (b.recall() - a.recall());
        return new Point(
                (int) Math.round(blend(a.beam(), b.beam(), share)),
                recall,
                blend(a.perSecond(), b.perSecond(), share),
                blend(a.perCpuSecond(), b.perCpuSecond(), share),
                blend(a.p50Us(), b.p50Us(), share),
                blend(a.p99Us(), b.p99Us(), share));
    }

    private static double blend(double a, double b, double share) {
        return Math.exp(Math.log(a) * (1 - share) + Math.log(b) * share);
    }

    private static double median(List<Double> values) {
        double[] sorted = values.stream().mapToDouble(Double::doubleValue).toArray();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
