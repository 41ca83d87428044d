package io.grape.node.demo;

import io.grape.client.BatchIngestor;
import io.grape.client.CollectionInfo;
import io.grape.client.GrapeClient;
import io.grape.client.WriteResult;
import io.grape.codecs.GrapeException;
import java.util.BitSet;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Loads all words into a collection: id = row, payload = the word. One thread.
 */
public final class Ingest {
    private static final int BATCH_POINTS = 256;
    private static final int BATCHES_IN_FLIGHT = 16;

    private final GrapeClient client;
    private final WordVectors words;

    /**
     * What a load did.
     *
     * @param acknowledged ids that the cluster said are committed
     * @param elapsedNs    from the first point to the last answer
     */
    public record Result(BitSet acknowledged, long elapsedNs) {
        /** Returns committed points for each second. */
        public double pointsPerSecond() {
            return acknowledged.cardinality() * 1e9 / elapsedNs;
        }
    }

    /**
     * @param client writes; stays open
     * @param words  what is loaded
     */
    public Ingest(GrapeClient client, WordVectors words) {
        this.client = client;
        this.words = words;
    }

    /**
     * Loads every word and waits for the last answer.
     *
     * @throws GrapeException the first refusal, if there was one
     */
    Result load(CollectionInfo collection, Progress progress) {
        Acknowledged acknowledged = new Acknowledged();
        long startNs = System.nanoTime();
        try (BatchIngestor ingestor =
                new BatchIngestor(client, collection, BATCH_POINTS, BATCHES_IN_FLIGHT, acknowledged)) {
            for (int id = 0; id < words.count(); id++) {
                ingestor.add(id, words.vector(id), words.payload(id));
                progress.update(ingestor.acknowledged());
            }
            ingestor.flush();
            progress.update(ingestor.acknowledged());
        }
        long elapsedNs = System.nanoTime() - startNs;
        GrapeException failure = acknowledged.failure.get();
        if (failure != null) {
            throw failure;
        }
        return new Result(acknowledged.ids(), elapsedNs);
    }

    /** Hears on the client's polling thread; read by the loading thread. */
    private static final class Acknowledged implements BatchIngestor.Listener {
        private final BitSet ids = new BitSet();
        private final AtomicReference<@Nullable GrapeException> failure = new AtomicReference<>();

        @Override
        public synchronized void onAcknowledged(long[] batch, int count, WriteResult result) {
            for (int i = 0; i < count; i++) {
                ids.set((int) batch[i]);
            }
        }

        @Override
        public void onFailed(long[] batch, int count, GrapeException error) {
            failure.compareAndSet(null, error);
        }

        synchronized BitSet ids() {
            return (BitSet) ids.clone();
        }
    }
}
