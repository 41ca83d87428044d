package io.grape.node.metrics;

import io.grape.codecs.HotPath;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.SingleWriterRecorder;
import org.jspecify.annotations.Nullable;

/**
 * Durations of one kind, as seen by one thread.
 *
 * <p>Threads: one writer, which never waits and allocates nothing; readers share a lock that the writer does not know.
 * Two significant digits, 1 us to 64 s; what is outside counts as the nearest end, and the sum stays exact.
 */
public final class LatencyRecorder {
    static final long LOWEST_NS = 1_000;
    static final long HIGHEST_NS = 64_000_000_000L;
    static final int DIGITS = 2;

    private final SingleWriterRecorder recorder = new SingleWriterRecorder(LOWEST_NS, HIGHEST_NS, DIGITS);
    private final Histogram total = newHistogram();
    private @Nullable Histogram interval;
    private volatile long sumNs;

    static Histogram newHistogram() {
        return new Histogram(LOWEST_NS, HIGHEST_NS, DIGITS);
    }

    /** Notes one duration, nanoseconds. The owning thread. */
    @HotPath
    @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
    public void record(long durationNs) {
        long known = Math.max(0, durationNs);
        recorder.recordValue(Math.min(known, HIGHEST_NS));
        sumNs += known;
    }

    /** Adds all that was ever noted to a histogram. Any thread. */
    synchronized void addTo(Histogram sum) {
        interval = recorder.getIntervalHistogram(interval);
        total.add(interval);
        sum.add(total);
    }

    /** Returns the sum of all durations, nanoseconds. Any thread. */
    long sumNs() {
        return sumNs;
    }
}
