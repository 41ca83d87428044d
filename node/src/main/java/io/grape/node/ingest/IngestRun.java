package io.grape.node.ingest;

import io.grape.client.ClientConfig;
import io.grape.client.CollectionInfo;
import io.grape.client.GrapeClient;
import io.grape.codecs.GrapeException;
import io.grape.codecs.sbe.ErrorCode;
import io.grape.codecs.sbe.Metric;
import io.grape.node.config.NodeLimits;
import io.grape.node.ingest.format.InputFormat;
import io.grape.node.ingest.format.ReadOptions;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Takes a file into a collection of a cluster, from its beginning or from where an earlier run ended. One thread.
 *
 * @param config   how to reach the cluster; asked anew for each connection
 * @param request  what to take in
 * @param settings how
 */
public record IngestRun(Supplier<ClientConfig.Builder> config, Request request, IngestSettings settings) {
    /** A batch must not be given up before the run is, or a later batch would be sent in its place. */
    private static final Duration NO_TIMEOUT = Duration.ofDays(3650);

    private static final int PROBES = 2;

    /** Whether an earlier run is gone on with. */
    public enum Resume {
        /** If there is one. */
        IF_THERE,
        /** There must be one. */
        REQUIRED,
        /** It is forgotten, and all is written anew. */
        NEVER
    }

    /**
     * What to take in.
     *
     * @param file         what is read
     * @param options      how it is read
     * @param collection   where to
     * @param createMetric metric of a collection that is made if there is none, or null to make none
     * @param batchPoints  most points of one batch
     * @param resume       whether an earlier run is gone on with
     */
    public record Request(
            Path file,
            ReadOptions options,
            String collection,
            @Nullable Metric createMetric,
            int batchPoints,
            Resume resume) {}

    /**
     * Runs to the end.
     *
     * @param progress shows how far it is
     * @throws IOException    if a file fails
     * @throws GrapeException what the file, the cluster or the settings were refused with
     */
    public IngestResult run(IngestProgress progress) throws IOException {
        InputFormat format =
                request.options().format() != null ? request.options().format() : InputFormat.detect(request.file());
        int dimension = format.dimension(request.file(), request.options());
        try (Lock _ = Lock.take(settings.checkpoint())) {
            IngestCheckpoint earlier = earlier();
            boolean hasOneGroup = prepare(dimension);
            if (earlier != null && !hasOneGroup) {
                // A batch comes to several writes there, whose sequences its number does not give.
                earlier = earlier.anew(UUID.randomUUID().getMostSignificantBits());
            }
            long clientId = earlier == null ? UUID.randomUUID().getMostSignificantBits() : earlier.clientId();
            long sequence = earlier == null ? 1 : earlier.sequenceOf(earlier.batches());
            try (GrapeClient client = GrapeClient.connect(config.get()
                    .clientId(clientId)
                    .firstSequence(sequence)
                    .requestTimeout(NO_TIMEOUT)
                    .maxInFlight(settings.inFlight() + PROBES)
                    .build())) {
                CollectionInfo collection = client.collection(request.collection());
                requireDimension(dimension, collection);
                IngestPlan plan = plan(format, client);
                IngestCheckpoint from = from(earlier, plan.fingerprint(), clientId);
                return new FileIngest(client, collection, plan, settings, progress, from, hasOneGroup).run();
            }
        }
    }

    private IngestCheckpoint from(@Nullable IngestCheckpoint earlier, String fingerprint, long clientId)
            throws IOException {
        if (earlier == null) {
            IngestCheckpoint begin = IngestCheckpoint.begin(fingerprint, clientId);
            begin.save(settings.checkpoint());
            return begin;
        }
        if (!earlier.fingerprint().equals(fingerprint)) {
            throw new GrapeException(
                    ErrorCode.INVALID_CONFIGURATION,
                    settings.checkpoint() + ": is of another run: the file, the options or the cluster's limits have"
                            + " changed; --restart begins anew");
        }
        return earlier;
    }

    private @Nullable IngestCheckpoint earlier() throws IOException {
        boolean exists = Files.exists(settings.checkpoint());
        if (request.resume() == Resume.REQUIRED && !exists) {
            throw new GrapeException(
                    ErrorCode.INVALID_CONFIGURATION, settings.checkpoint() + ": there is no earlier run to go on with");
        }
        return exists && request.resume() != Resume.NEVER ? IngestCheckpoint.load(settings.checkpoint()) : null;
    }

    /**
     * Makes the collection, over a connection of its own: the writes of the other one are the batches and nothing else.
     *
     * @return whether one group holds all points
     */
    private boolean prepare(int dimension) {
        Metric metric = request.createMetric();
        try (GrapeClient client = GrapeClient.connect(config.get().build())) {
            boolean isThere = client.listCollections().stream()
                    .anyMatch(each -> each.name().equals(request.collection()));
            if (metric != null && !isThere) {
                client.createCollection(request.collection(), dimension, metric);
            }
            return client.groupIds().size() == 1;
        }
    }

    private void requireDimension(int dimension, CollectionInfo collection) {
        if (dimension != collection.dimension()) {
            throw new GrapeException(
                    ErrorCode.DIMENSION_MISMATCH,
                    request.file() + ": holds vectors of " + dimension + " components; the collection '"
                            + collection.name() + "' is for " + collection.dimension());
        }
    }

    private IngestPlan plan(InputFormat format, GrapeClient client) {
        return new IngestPlan(
                request.file(),
                format,
                request.options(),
                request.collection(),
                Math.min(request.batchPoints(), client.maxBatchPoints()),
                client.maxMessageLength(),
                NodeLimits.defaults().maxPayloadLength());
    }

    /** Keeps a second run from the same checkpoint. */
    private record Lock(Path path, FileChannel channel) implements Closeable {
        static Lock take(Path checkpoint) throws IOException {
            Path path = checkpoint.resolveSibling(checkpoint.getFileName() + ".lock");
            FileChannel channel = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            FileLock lock;
            try {
                lock = channel.tryLock();
            } catch (OverlappingFileLockException sameProcess) {
                lock = null;
            }
            if (lock == null) {
                channel.close();
                throw new GrapeException(
                        ErrorCode.DATA_LOCKED, checkpoint + ": another run is taking this file in; wait for its end");
            }
            return new Lock(path, channel);
        }

        @Override
        public void close() throws IOException {
            Files.deleteIfExists(path);
            channel.close();
        }
    }
}
