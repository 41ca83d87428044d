package io.grape.node.ingest;

import io.grape.client.CollectionInfo;
import io.grape.client.GrapeClient;
import io.grape.client.PointBatch;
import io.grape.client.WriteResult;
import io.grape.codecs.GrapeException;
import io.grape.codecs.sbe.ErrorCode;
import io.grape.node.ingest.format.InputRow;
import io.grape.node.ingest.format.RowSource;
import io.grape.vectors.model.Metric;
import io.grape.vectors.model.VectorCheck;
import java.io.IOException;
import java.nio.file.Files;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One run of taking a file in: reads, checks, batches, sends, and keeps the checkpoint.
 *
 * <p>Why nothing is twice and nothing missing: a batch is a function of the plan and its number, and its number gives its
 * sequence under the client's identity. The cluster remembers the outcome of a sequence until it is told that the client has heard
 * it, and it is told that only of batches that a checkpoint on disk covers. So a run after a kill sends again what is behind the
 * checkpoint, and whatever of it was committed is answered as a repetition. One thread; the client must be used for nothing else
 * that writes, and its requests must not time out before {@link IngestSettings#patience}.
 */
final class FileIngest {
    private static final long CHECKPOINT_BATCHES = 64;
    private static final long LOOK_MS = 100;

    private final GrapeClient client;
    private final CollectionInfo collection;
    private final IngestPlan plan;
    private final IngestSettings settings;
    private final IngestProgress progress;
    private final IngestCheckpoint from;
    private final boolean hasOneGroup;
    private final IngestLedger ledger;
    private final Semaphore places;
    private final Pace pace;
    private final Metric metric;
    private final PointBatch batch;
    private final long startNs = System.nanoTime();
    private @Nullable SearchProbe probe;
    private long payloadBytes;
    private long sentPoints;
    private long savedBatches;
    private long savedNs = startNs;
    private long heardNs = startNs;

    /**
     * @param client     of the checkpoint's identity and next sequence
     * @param collection where to
     * @param from        where to begin
     * @param hasOneGroup whether one group holds all points, so that a batch is one write
     */
    FileIngest(
            GrapeClient client,
            CollectionInfo collection,
            IngestPlan plan,
            IngestSettings settings,
            IngestProgress progress,
            IngestCheckpoint from,
            boolean hasOneGroup) {
        this.client = client;
        this.collection = collection;
        this.plan = plan;
        this.settings = settings;
        this.progress = progress;
        this.from = from;
        this.hasOneGroup = hasOneGroup;
        this.ledger = new IngestLedger(from);
        this.places = new Semaphore(settings.inFlight());
        this.pace = new Pace(System::nanoTime, settings.maxRate());
        this.metric = Metric.valueOf(collection.metric().name());
        this.batch = new PointBatch(collection.dimension());
        this.sentPoints = from.points();
        this.savedBatches = from.batches();
    }

    /**
     * Runs to the end of the file.
     *
     * @throws IOException    if a file fails
     * @throws GrapeException what the file or a batch was refused with; the checkpoint says where a later run goes on
     */
    IngestResult run() throws IOException {
        acknowledge(from);
        try (RowSource source = plan.format().open(plan.file(), plan.options());
                RejectFile rejects = new RejectFile(settings.rejects(), from.rejected(), from.rejectsLength());
                SearchProbe measuring = openProbe()) {
            probe = measuring;
            try {
                source.skip(from.rows());
                long rows = readAndSend(source, rejects);
                awaitAll(source, rejects);
                rejects.flush();
                Files.deleteIfExists(settings.checkpoint());
                return result(rows, rejects, measuring);
            } catch (GrapeException stopped) {
                throw stop(stopped, source, rejects);
            }
        } finally {
            progress.finish();
        }
    }

    private void acknowledge(IngestCheckpoint reached) {
        if (hasOneGroup) {
            client.acknowledgeThrough(reached.sequenceOf(reached.batches()) - 1);
        }
    }

    private @Nullable SearchProbe openProbe() {
        if (settings.maxSearchP99() == null) {
            return null;
        }
        LatencyBudget budget = new LatencyBudget(settings.maxSearchP99().toNanos(), settings.maxRate());
        return new SearchProbe(client, collection, budget, pace, ledger::committedPoints);
    }

    private long readAndSend(RowSource source, RejectFile rejects) throws IOException {
        InputRow row = new InputRow();
        long rows = from.rows();
        while (source.next(row)) {
            String unfit = check(row);
            if (unfit != null) {
                rejects.add(row, row.code(), unfit);
                rows++;
                continue;
            }
            byte[] payload = row.payload();
            int length = payload == null ? 0 : payload.length;
            if (!batch.isEmpty() && !fits(batch.size() + 1, payloadBytes + length)) {
                send(rows, source, rejects);
            }
            batch.add(row.idMost(), row.idLeast(), row.vector(), payload);
            payloadBytes += length;
            rows++;
            if (probe != null && probe.needsQuery()) {
                probe.query(row.vector().clone());
            }
            if (batch.size() == plan.batchPoints()) {
                send(rows, source, rejects);
            }
        }
        if (!batch.isEmpty()) {
            send(rows, source, rejects);
        }
        return rows;
    }

    /** Returns why the row cannot be sent, or null; what the cluster would refuse would take its whole batch along. */
    private @Nullable String check(InputRow row) {
        if (row.isUsable() && row.dimension() != collection.dimension()) {
            row.reject(
                    ErrorCode.DIMENSION_MISMATCH,
                    row.dimension() + " components; the collection has " + collection.dimension());
        }
        if (row.isUsable()) {
            double squares = 0;
            for (float component : row.vector()) {
                squares += (double) component * component;
            }
            switch (VectorCheck.verdict(squares, metric)) {
                case OK -> {}
                case NOT_FINITE ->
                    row.reject(
                            ErrorCode.NOT_FINITE,
                            "a component is NaN or infinite, or the vector is too long for float32");
                case ZERO_VECTOR -> row.reject(ErrorCode.ZERO_VECTOR, "a zero vector has no direction under cosine");
            }
        }
        byte[] payload = row.payload();
        int length = payload == null ? 0 : payload.length;
        if (row.isUsable() && (length > plan.maxPayload() || !fits(1, length))) {
            row.reject(
                    ErrorCode.PAYLOAD_TOO_LARGE,
                    "a payload of " + length + " bytes; " + plan.maxPayload() + " are taken");
        }
        return row.isUsable() ? null : row.reason();
    }

    private boolean fits(int points, long bytes) {
        return PointBatch.encodedLength(points, collection.dimension(), bytes) <= plan.batchBytes();
    }

    private void send(long rows, RowSource source, RejectFile rejects) throws IOException {
        int points = batch.size();
        sentPoints += points;
        IngestLedger.Boundary end = new IngestLedger.Boundary(rows, sentPoints, rejects.count(), rejects.length());
        if (ledger.isNextSkipped()) {
            ledger.open(end);
        } else {
            if (pace.await(points)) {
                heardNs = System.nanoTime();
            }
            takePlaces(1, source, rejects);
            GrapeException failure = ledger.failure();
            if (failure != null) {
                places.release();
                throw failure;
            }
            long number = ledger.open(end);
            CompletableFuture<WriteResult> _ = client.upsertAsync(collection, batch)
                    .whenComplete((result, error) -> settle(number, points, result, error));
        }
        batch.clear();
        payloadBytes = 0;
    }

    private void settle(long number, int points, @Nullable WriteResult result, @Nullable Throwable error) {
        if (result != null) {
            ledger.committed(number, points, result.duplicate());
        } else {
            GrapeException why = error instanceof GrapeException refused
                    ? refused
                    : new GrapeException(ErrorCode.INTERNAL, "a batch failed: " + error);
            boolean isUnknown = switch (why.code()) {
                case TIMED_OUT, CLIENT_CLOSED, LEADERSHIP_LOST, SESSION_EXPIRED, INTERNAL -> true;
                default -> false;
            };
            ledger.failed(number, why, isUnknown);
        }
        places.release();
    }

    /** Waits for answers, and meanwhile shows the progress and keeps the checkpoint. */
    private void takePlaces(int count, RowSource source, RejectFile rejects) throws IOException {
        try {
            while (!places.tryAcquire(count, LOOK_MS, TimeUnit.MILLISECONDS)) {
                housekeeping(source, rejects);
                if (System.nanoTime() - heardNs > settings.patience().toNanos()) {
                    throw new GrapeException(
                            ErrorCode.TIMED_OUT,
                            "No answer for " + settings.patience().toSeconds() + " s.");
                }
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new GrapeException(ErrorCode.TIMED_OUT, "Interrupted while waiting for answers.", interrupted);
        }
        housekeeping(source, rejects);
    }

    private void housekeeping(RowSource source, RejectFile rejects) throws IOException {
        long now = System.nanoTime();
        IngestCheckpoint reached = ledger.checkpoint();
        long fresh = reached.batches() - savedBatches;
        if (fresh > 0) {
            heardNs = now;
        }
        if (fresh >= CHECKPOINT_BATCHES
                || (fresh > 0 && now - savedNs >= settings.checkpointEvery().toNanos())) {
            rejects.flush();
            reached.save(settings.checkpoint());
            acknowledge(reached);
            savedBatches = reached.batches();
            savedNs = now;
        }
        progress.update(now, source.fraction(), ledger.committedPoints() - from.points(), rejects.count());
    }

    private void awaitAll(RowSource source, RejectFile rejects) throws IOException {
        takePlaces(settings.inFlight(), source, rejects);
        places.release(settings.inFlight());
        GrapeException failure = ledger.failure();
        if (failure != null) {
            throw failure;
        }
    }

    /** Waits for what is on its way, so that a later run has nothing to guess, and says how to go on. */
    private GrapeException stop(GrapeException why, RowSource source, RejectFile rejects) throws IOException {
        if (why.code() != ErrorCode.TIMED_OUT) {
            try {
                takePlaces(settings.inFlight(), source, rejects);
            } catch (GrapeException alsoLate) {
                why.addSuppressed(alsoLate);
            }
        }
        rejects.flush();
        IngestCheckpoint last = ledger.lastCheckpoint(UUID.randomUUID().getMostSignificantBits());
        last.save(settings.checkpoint());
        return new GrapeException(
                why.code(),
                why.getMessage() + " The first " + last.rows() + " rows are in; run the same command again to go on.",
                why);
    }

    private IngestResult result(long rows, RejectFile rejects, @Nullable SearchProbe measuring) {
        IngestCheckpoint reached = ledger.checkpoint();
        return new IngestResult(
                rows,
                reached.points(),
                rejects.count(),
                reached.batches(),
                ledger.duplicates(),
                from.rows(),
                reached.points() - from.points(),
                System.nanoTime() - startNs,
                measuring == null ? 0 : measuring.lastP99Ns());
    }
}
