package io.grape.benchmarks.replication;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import org.HdrHistogram.Histogram;
import org.agrona.concurrent.IdleStrategy;

/**
 * Offers entries and notes how long each took.
 *
 * <p>At a rate the loop is open: each entry has an intended time, and its latency counts from then, whether it could be sent at
 * that time or not, so that a stall is charged to every entry that it delayed. With a window the loop is closed: that many entries
 * are in flight, and latency counts from the offer. Sends on one thread; outcomes come on one, the same or another.
 */
final class LoadLoop implements LogClient.Outcomes {
    /** More than can be in flight or late. */
    private static final int PLACES = 1 << 20;

    private static final long HIGHEST_NS = TimeUnit.MINUTES.toNanos(2);
    private static final long DRAIN_NS = TimeUnit.SECONDS.toNanos(15);

    private final IdleStrategy idle;
    private final AtomicLongArray startedNs = new AtomicLongArray(PLACES);
    private final Histogram latencyNs = new Histogram(HIGHEST_NS, 3);
    private final AtomicLong done = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();
    private volatile long countedFrom;
    private volatile long lastDoneNs;
    private volatile String failure = "";
    private long next;

    /**
     * What one cell of the table came to.
     *
     * @param latencyNs  of each committed entry
     * @param perSecond  committed entries a second, from the first intended time to the last outcome
     * @param failed     entries that were refused or not answered
     * @param failure    what the last of them was told
     */
    record Cell(Histogram latencyNs, double perSecond, long failed, String failure) {}

    LoadLoop(IdleStrategy idle) {
        this.idle = idle;
    }

    @Override
    public void committed(long correlation) {
        long nowNs = System.nanoTime();
        if (correlation >= countedFrom) {
            latencyNs.recordValue(Math.min(HIGHEST_NS, Math.max(0, nowNs - startedNs.get(place(correlation)))));
        }
        lastDoneNs = nowNs;
        done.incrementAndGet();
    }

    @Override
    public void failed(long correlation, String why) {
        failure = why;
        if (correlation >= countedFrom) {
            failed.incrementAndGet();
        }
        done.incrementAndGet();
    }

    private static int place(long correlation) {
        return (int) (correlation & (PLACES - 1));
    }

    /** Sends at a fixed rate for so long. */
    Cell atRate(LogClient client, int perSecond, double seconds) {
        begin();
        long intervalNs = TimeUnit.SECONDS.toNanos(1) / perSecond;
        long count = (long) (seconds * perSecond);
        long beginNs = System.nanoTime();
        for (long i = 0; i < count; i++) {
            long intendedNs = beginNs + i * intervalNs;
            while (System.nanoTime() < intendedNs) {
                idle.idle(client.poll());
            }
            send(client, intendedNs);
        }
        return end(client, beginNs);
    }

    /** Keeps so many entries in flight for so long. */
    Cell withWindow(LogClient client, int window, double seconds) {
        begin();
        long beginNs = System.nanoTime();
        long endNs = beginNs + (long) (seconds * 1e9);
        for (long nowNs = beginNs; nowNs < endNs; nowNs = System.nanoTime()) {
            if (next - done.get() < window) {
                send(client, nowNs);
                client.poll();
            } else {
                idle.idle(client.poll());
            }
        }
        return end(client, beginNs);
    }

    private void begin() {
        latencyNs.reset();
        failed.set(0);
        failure = "";
        countedFrom = next;
    }

    private void send(LogClient client, long startNs) {
        startedNs.set(place(next), startNs);
        while (!client.offer(next)) {
            idle.idle(client.poll());
        }
        next++;
    }

    private Cell end(LogClient client, long beginNs) {
        long sent = next - countedFrom;
        long deadlineNs = System.nanoTime() + DRAIN_NS;
        while (done.get() < next && System.nanoTime() < deadlineNs) {
            idle.idle(client.poll());
        }
        long missing = next - done.get();
        if (missing > 0) {
            failed.addAndGet(missing);
            failure = missing + " were never answered";
            done.addAndGet(missing);
        }
        long elapsedNs = Math.max(1, lastDoneNs - beginNs);
        return new Cell(latencyNs.copy(), (sent - failed.get()) * 1e9 / elapsedNs, failed.get(), failure);
    }
}
