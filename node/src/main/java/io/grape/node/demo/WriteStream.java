package io.grape.node.demo;

import io.grape.client.CollectionInfo;
import io.grape.client.GrapeClient;
import io.grape.client.PointBatch;
import io.grape.codecs.GrapeException;
import io.grape.codecs.sbe.ErrorCode;
import java.time.Duration;
import java.util.BitSet;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Writes single points at a steady rate from a thread of its own until it is stopped, and remembers exactly which ids
 * were acknowledged, and when.
 *
 * <p>Ids are 0, 1, 2 ...; the vector and payload of an id are those of word {@code id % count}, so that whoever reads
 * it back knows what must be there. An id whose outcome is unknown is not acknowledged and not written again. The
 * controlling methods belong to one thread; acknowledgements come on the client's polling thread.
 */
public final class WriteStream implements AutoCloseable {
    private static final int MOST_IN_FLIGHT = 32;
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(60);

    private final GrapeClient client;
    private final CollectionInfo collection;
    private final WordVectors words;
    private final long intervalNs;
    private final Thread writer = new Thread(this::writeUntilStopped, "write-stream");
    private final Semaphore places = new Semaphore(MOST_IN_FLIGHT);
    private final Ledger ledger = new Ledger();
    private volatile boolean stopped;
    private volatile @Nullable RuntimeException defect;

    /**
     * @param client          writes; stays open
     * @param collection      of the words' dimension
     * @param words           what is written
     * @param writesPerSecond rate that is aimed at
     */
    public WriteStream(GrapeClient client, CollectionInfo collection, WordVectors words, int writesPerSecond) {
        this.client = client;
        this.collection = collection;
        this.words = words;
        this.intervalNs = TimeUnit.SECONDS.toNanos(1) / writesPerSecond;
    }

    /** Begins to write. */
    public void start() {
        writer.start();
    }

    /** Returns how many writes were acknowledged so far. */
    public long acknowledgedCount() {
        return ledger.count();
    }

    /** Forgets the gaps so far: {@link #longestGapNs} speaks of what comes after this call. */
    public void markNow() {
        ledger.mark();
    }

    /** Returns the longest time between two acknowledgements of which the later one came after the mark. */
    public long longestGapNs() {
        return ledger.longestGapNs();
    }

    /** Stops writing, waits for every outcome, and returns the acknowledged ids. */
    public BitSet stop() {
        stopped = true;
        try {
            if (!writer.join(STOP_TIMEOUT)
                    || !places.tryAcquire(MOST_IN_FLIGHT, STOP_TIMEOUT.toSeconds(), TimeUnit.SECONDS)) {
                throw new GrapeException(ErrorCode.TIMED_OUT, "the write stream did not come to rest");
            }
            places.release(MOST_IN_FLIGHT);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new GrapeException(ErrorCode.TIMED_OUT, "interrupted while writes came to rest", interrupted);
        }
        RuntimeException failed = defect;
        if (failed != null) {
            throw failed;
        }
        return ledger.ids();
    }

    /** Returns how many writes ended without an acknowledgement. */
    public long unknownCount() {
        return ledger.unknown();
    }

    /** Stops writing. */
    @Override
    public void close() {
        stopped = true;
    }

    private void writeUntilStopped() {
        PointBatch batch = new PointBatch(words.dimension());
        long dueNs = System.nanoTime();
        try {
            for (int id = 0; !stopped; id++) {
                LockSupport.parkNanos(dueNs - System.nanoTime());
                dueNs = Math.max(dueNs + intervalNs, System.nanoTime() - intervalNs);
                if (!acquirePlace()) {
                    return;
                }
                write(batch, id);
            }
        } catch (RuntimeException unexpected) {
            defect = unexpected;
        }
    }

    private boolean acquirePlace() {
        while (!stopped) {
            try {
                if (places.tryAcquire(10, TimeUnit.MILLISECONDS)) {
                    return true;
                }
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
        return false;
    }

    private void write(PointBatch batch, int id) {
        int word = id % words.count();
        batch.clear().add(id, words.vector(word), words.payload(word));
        var _ = client.upsertAsync(collection, batch).whenComplete((result, failure) -> {
            if (failure == null) {
                ledger.acknowledge(id, System.nanoTime());
            } else {
                ledger.fail();
            }
            places.release();
        });
    }

    /** What was acknowledged; written on the polling thread, read by the controlling one. */
    private static final class Ledger {
        private final BitSet ids = new BitSet();
        private long unknown;
        private long lastNs;
        private long longestGapNs;

        synchronized void acknowledge(int id, long nowNs) {
            if (lastNs != 0) {
                longestGapNs = Math.max(longestGapNs, nowNs - lastNs);
            }
            lastNs = nowNs;
            ids.set(id);
        }

        synchronized void fail() {
            unknown++;
        }

        synchronized void mark() {
            longestGapNs = 0;
        }

        synchronized long longestGapNs() {
            return longestGapNs;
        }

        synchronized long count() {
            return ids.cardinality();
        }

        synchronized long unknown() {
            return unknown;
        }

        synchronized BitSet ids() {
            return (BitSet) ids.clone();
        }
    }
}
