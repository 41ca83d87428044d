package io.grape.benchmarks.install;

import io.grape.client.CollectionInfo;
import io.grape.client.GrapeClient;
import io.grape.client.PointBatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.SynchronizedHistogram;

/**
 * Writes that arrive on a schedule, whatever became of the ones before: the latency of each counts from its intended time, so that a
 * stall is charged to every write that it delays. One thread sends; outcomes come on the client's.
 */
final class Arrivals {
    private static final long HIGHEST_NS = TimeUnit.MINUTES.toNanos(2);
    private static final long DRAIN_NS = TimeUnit.SECONDS.toNanos(30);

    /** Points are written over and over, so that this traffic does not make the data grow. */
    private static final int IDS = 1_000;

    private final GrapeClient client;
    private final CollectionInfo collection;
    private final int dimension;
    private final int perSecond;

    /**
     * What came of a stretch of time.
     *
     * @param latencyNs of each acknowledged write, from its intended time
     * @param failed    writes that were refused or not answered
     * @param seconds   how long it was
     */
    record Outcome(Histogram latencyNs, long failed, double seconds) {
        double millis(double percentile) {
            return latencyNs.getValueAtPercentile(percentile) / 1e6;
        }
    }

    Arrivals(GrapeClient client, CollectionInfo collection, int dimension, int perSecond) {
        this.client = client;
        this.collection = collection;
        this.dimension = dimension;
        this.perSecond = perSecond;
    }

    /** Sends until told otherwise, then waits for what is in flight. */
    Outcome until(BooleanSupplier ended) {
        Histogram latencyNs = new SynchronizedHistogram(HIGHEST_NS, 3);
        AtomicLong failed = new AtomicLong();
        AtomicLong answered = new AtomicLong();
        float[] vector = new float[dimension];
        long intervalNs = TimeUnit.SECONDS.toNanos(1) / perSecond;
        long beginNs = System.nanoTime();
        long sent = 0;
        while (!ended.getAsBoolean()) {
            long intendedNs = beginNs + sent * intervalNs;
            long earlyNs = intendedNs - System.nanoTime();
            if (earlyNs > 0) {
                LockSupport.parkNanos(earlyNs);
                continue;
            }
            vector[0] = sent;
            var _ = client.upsertAsync(collection, new PointBatch(dimension).add(sent % IDS, vector))
                    .whenComplete((result, failure) -> {
                        if (failure == null) {
                            latencyNs.recordValue(Math.clamp(System.nanoTime() - intendedNs, 0, HIGHEST_NS));
                        } else {
                            failed.incrementAndGet();
                        }
                        answered.incrementAndGet();
                    });
            sent++;
        }
        long endNs = System.nanoTime();
        while (answered.get() < sent && System.nanoTime() - endNs < DRAIN_NS) {
            LockSupport.parkNanos(intervalNs);
        }
        return new Outcome(latencyNs, failed.get() + sent - answered.get(), (endNs - beginNs) / 1e9);
    }
}
