package io.grape.node.ingest;

import io.grape.client.CallbackClient;
import io.grape.client.CollectionInfo;
import io.grape.client.Consistency;
import io.grape.client.GrapeClient;
import io.grape.client.HitCursor;
import io.grape.client.SearchCallback;
import io.grape.codecs.sbe.ErrorCode;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.SingleWriterRecorder;
import org.jspecify.annotations.Nullable;

/**
 * Searches all the while that a file is taken in, and sets the pace by what the searches take.
 *
 * <p>One search at a time, so that the probe is no load of its own; a search that is refused or too late counts as one that took
 * its whole timeout. The searches go over the ingester's own connection, so what they wait behind its batches is in the figure.
 * A thread of its own; the callback is on the client's polling thread.
 */
final class SearchProbe implements AutoCloseable, SearchCallback {
    private static final long BETWEEN_NS = TimeUnit.MILLISECONDS.toNanos(5);
    private static final long WINDOW_NS = TimeUnit.SECONDS.toNanos(1);
    private static final Duration TIMEOUT = Duration.ofSeconds(2);
    private static final int NEIGHBOURS = 10;
    private static final int LEAST_SEARCHES = 20;

    private final CallbackClient client;
    private final CollectionInfo collection;
    private final LatencyBudget budget;
    private final Pace pace;
    private final LongSupplier points;
    private final SingleWriterRecorder recorder = new SingleWriterRecorder(TIMEOUT.toNanos() * 4, 3);
    private final AtomicBoolean isUnderWay = new AtomicBoolean();
    private final Thread thread = new Thread(this::run, "grape-search-probe");
    private volatile float @Nullable [] query;
    private volatile long sentNs;
    private volatile boolean isClosed;
    private volatile long lastP99Ns;

    SearchProbe(GrapeClient client, CollectionInfo collection, LatencyBudget budget, Pace pace, LongSupplier points) {
        this.client = client.callbacks(TIMEOUT);
        this.collection = collection;
        this.budget = budget;
        this.pace = pace;
        this.points = points;
        thread.setDaemon(true);
        thread.start();
    }

    /** Says what to search for; the first one lets the probing begin. */
    void query(float[] vector) {
        query = vector;
    }

    boolean needsQuery() {
        return query == null;
    }

    /** Returns the 99th percentile of the last full window, nanoseconds, or 0 before there is one. */
    long lastP99Ns() {
        return lastP99Ns;
    }

    private void run() {
        Histogram window = null;
        long windowStartNs = System.nanoTime();
        long pointsBefore = points.getAsLong();
        while (!isClosed) {
            float[] vector = query;
            if (vector != null && isUnderWay.compareAndSet(false, true)) {
                sentNs = System.nanoTime();
                if (!client.search(collection, vector, NEIGHBOURS, Consistency.LOCAL, this)) {
                    isUnderWay.set(false);
                }
            }
            LockSupport.parkNanos(BETWEEN_NS);
            long elapsedNs = System.nanoTime() - windowStartNs;
            if (elapsedNs >= WINDOW_NS) {
                window = recorder.getIntervalHistogram(window);
                if (window.getTotalCount() >= LEAST_SEARCHES) {
                    long pointsNow = points.getAsLong();
                    lastP99Ns = window.getValueAtPercentile(99);
                    pace.rate(budget.judge(lastP99Ns, (pointsNow - pointsBefore) * 1e9 / elapsedNs));
                    pointsBefore = pointsNow;
                    windowStartNs = System.nanoTime();
                } else if (elapsedNs >= 4 * WINDOW_NS) {
                    // So few answers in so long a time: the searches are far over any budget.
                    lastP99Ns = elapsedNs;
                    pace.rate(budget.judge(elapsedNs, 0));
                    windowStartNs = System.nanoTime();
                    pointsBefore = points.getAsLong();
                }
            }
        }
    }

    @Override
    public void onHits(HitCursor hits) {
        recorder.recordValue(Math.min(System.nanoTime() - sentNs, TIMEOUT.toNanos() * 4));
        isUnderWay.set(false);
    }

    @Override
    public void onError(ErrorCode code, String text) {
        recorder.recordValue(TIMEOUT.toNanos());
        isUnderWay.set(false);
    }

    @Override
    public void close() {
        isClosed = true;
        LockSupport.unpark(thread);
        try {
            thread.join();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
