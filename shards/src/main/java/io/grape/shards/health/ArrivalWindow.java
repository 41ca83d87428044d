package io.grape.shards.health;

import io.grape.codecs.HotPath;

/**
 * The last intervals between heartbeats of one node, and how unlikely its present silence is.
 *
 * <p>Hayashibara, Defago, Yared and Katayama, "The phi accrual failure detector" (2004): {@code phi = -log10(P(later than
 * now))} with normally distributed intervals. The tail of the normal distribution is taken from a logistic approximation,
 * which is good to 0.0002 (Bowling et al., 2009) where it matters and never reaches zero. Not thread-safe.
 */
final class ArrivalWindow {
    private final DetectorConfig config;
    private final long[] intervals;
    private int count;
    private int next;
    private long lastNs;
    private double sum;
    private double sumOfSquares;

    ArrivalWindow(DetectorConfig config, long nowNs) {
        this.config = config;
        this.intervals = new long[config.window()];
        this.lastNs = nowNs;
        // Two intervals about the expected one stand in for what has not been seen yet.
        add(config.expectedNs() - config.minDeviationNs());
        add(config.expectedNs() + config.minDeviationNs());
    }

    @HotPath
    void heartbeat(long nowNs) {
        add(nowNs - lastNs);
        lastNs = nowNs;
    }

    @HotPath
    double phi(long nowNs) {
        double mean = sum / count;
        double variance = Math.max(0, sumOfSquares / count - mean * mean);
        double deviation = Math.max((double) config.minDeviationNs(), Math.sqrt(variance));
        double late = ((double) (nowNs - lastNs - config.toleratedPauseNs()) - mean) / deviation;
        double exponent = -late * (1.5976 + 0.070566 * late * late);
        if (late > 0) {
            double e = Math.exp(exponent);
            // Written so that a long silence ends in a large number and not in log10(0).
            return e == 0 ? -exponent / Math.log(10) : -Math.log10(e / (1 + e));
        }
        return -Math.log10(1 - 1 / (1 + Math.exp(exponent)));
    }

    private void add(long interval) {
        if (count == intervals.length) {
            double oldest = (double) intervals[next];
            sum -= oldest;
            sumOfSquares -= oldest * oldest;
        } else {
            count++;
        }
        intervals[next] = interval;
        next = next + 1 == intervals.length ? 0 : next + 1;
        sum += interval;
        sumOfSquares += (double) interval * interval;
    }
}
