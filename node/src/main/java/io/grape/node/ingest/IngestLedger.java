package io.grape.node.ingest;

import io.grape.codecs.GrapeException;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Knows of every batch that was sent what became of it, and through which one all are committed.
 *
 * <p>The reading thread opens batches, the client's polling thread closes them: each call takes the lock, once a batch.
 */
final class IngestLedger {
    /** Where the file stood when a batch was cut. */
    record Boundary(long rows, long points, long rejected, long rejectsLength) {}

    private enum Outcome {
        ON_ITS_WAY,
        COMMITTED,
        REFUSED,
        UNKNOWN
    }

    private static final class Batch {
        private final Boundary end;
        private Outcome outcome = Outcome.ON_ITS_WAY;

        Batch(Boundary end) {
            this.end = end;
        }
    }

    private final TreeMap<Long, Batch> open = new TreeMap<>();
    private IngestCheckpoint committed;
    private long next;
    private long committedPoints;
    private long duplicates;
    private @Nullable GrapeException failure;

    IngestLedger(IngestCheckpoint from) {
        this.committed = from;
        this.next = from.batches();
        this.committedPoints = from.points();
    }

    /** Notes a batch that is about to be sent, or that an earlier identity has committed; returns its number. */
    synchronized long open(Boundary end) {
        Batch batch = new Batch(end);
        long number = next++;
        open.put(number, batch);
        if (committed.isSkipped(number)) {
            batch.outcome = Outcome.COMMITTED;
            advance();
        }
        return number;
    }

    /** Returns whether the next batch is one that need not be sent. */
    synchronized boolean isNextSkipped() {
        return committed.isSkipped(next);
    }

    /** Notes that a batch is committed. */
    synchronized void committed(long number, int points, boolean isDuplicate) {
        require(number).outcome = Outcome.COMMITTED;
        committedPoints += points;
        duplicates += isDuplicate ? 1 : 0;
        advance();
    }

    /** Notes that a batch was not committed, or perhaps. */
    synchronized void failed(long number, GrapeException why, boolean isUnknown) {
        require(number).outcome = isUnknown ? Outcome.UNKNOWN : Outcome.REFUSED;
        if (failure == null) {
            failure = why;
        }
    }

    private Batch require(long number) {
        Batch batch = open.get(number);
        if (batch == null) {
            throw new IllegalStateException("batch " + number + " is not open");
        }
        return batch;
    }

    private void advance() {
        while (!open.isEmpty() && open.firstEntry().getValue().outcome == Outcome.COMMITTED) {
            long number = open.firstKey();
            Boundary end = require(number).end;
            open.remove(number);
            committed = new IngestCheckpoint(
                    committed.fingerprint(),
                    committed.clientId(),
                    committed.firstBatch(),
                    committed.skipped(),
                    number + 1,
                    end.rows(),
                    end.points(),
                    end.rejected(),
                    end.rejectsLength());
        }
    }

    /** Returns how far everything is committed. */
    synchronized IngestCheckpoint checkpoint() {
        return committed;
    }

    /**
     * Returns where a later run begins after an orderly end. When every outcome is known it begins under a new identity:
     * the cluster remembers what it refused, and would refuse it again.
     */
    synchronized IngestCheckpoint lastCheckpoint(long newClientId) {
        List<Long> beyond = new ArrayList<>();
        for (var each : open.entrySet()) {
            Outcome outcome = each.getValue().outcome;
            if (outcome == Outcome.ON_ITS_WAY || outcome == Outcome.UNKNOWN) {
                return committed;
            }
            if (outcome == Outcome.COMMITTED) {
                beyond.add(each.getKey());
            }
        }
        for (long each : committed.skipped()) {
            if (each >= next) {
                beyond.add(each);
            }
        }
        return new IngestCheckpoint(
                committed.fingerprint(),
                newClientId,
                committed.batches(),
                beyond,
                committed.batches(),
                committed.rows(),
                committed.points(),
                committed.rejected(),
                committed.rejectsLength());
    }

    /** Returns the points that are committed, in whatever order. */
    synchronized long committedPoints() {
        return committedPoints;
    }

    /** Returns the batches that an earlier run had committed without hearing of it. */
    synchronized long duplicates() {
        return duplicates;
    }

    /** Returns the first failure, or null. */
    synchronized @Nullable GrapeException failure() {
        return failure;
    }
}
