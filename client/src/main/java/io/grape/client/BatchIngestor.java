package io.grape.client;

import io.grape.codecs.GrapeException;
import org.jspecify.annotations.Nullable;

/**
 * Takes a stream of points, makes batches of them, keeps several in flight and tells which ids are committed.
 *
 * <p>One thread adds; the listener is called on the client's polling thread. {@link #add} waits when the batches in
 * flight are as many as they may be: that wait is the back-pressure of the cluster.
 */
public final class BatchIngestor implements AutoCloseable {
    /** Hears what became of each batch, on the client's polling thread; must not block. */
    public interface Listener {
        /**
         * The points are committed.
         *
         * @param ids    numeric ids, valid during this call
         * @param count  how many of the array are meant
         * @param result the committed outcome
         */
        void onAcknowledged(long[] ids, int count, WriteResult result);

        /**
         * The points were refused, or their outcome is unknown if the code is TIMED_OUT.
         *
         * @param ids   numeric ids, valid during this call
         * @param count how many of the array are meant
         * @param error why
         */
        void onFailed(long[] ids, int count, GrapeException error);
    }

    /**
     * @param client             sends the batches; stays open when this closes
     * @param collection         where to
     * @param batchPoints        points of one batch; fewer are sent where the node's message limit demands it
     * @param maxBatchesInFlight batches without an answer, at least 1
     * @param listener           hears what became of each batch
     */
    public BatchIngestor(
            GrapeClient client,
            CollectionInfo collection,
            int batchPoints,
            int maxBatchesInFlight,
            Listener listener) {}

    /**
     * Adds a point; sends a batch when it is full.
     *
     * @param id      numeric id, unsigned
     * @param vector  its components
     * @param payload opaque bytes, or null
     */
    public void add(long id, float[] vector, byte @Nullable [] payload) {}

    /** Sends what is left and waits until every batch has its outcome. */
    public void flush() {}

    /** Returns the points that are committed. */
    public long acknowledged() {
        return 0;
    }

    /** Returns the points that were refused or whose outcome is unknown. */
    public long failed() {
        return 0;
    }

    /** Flushes. */
    @Override
    public void close() {
        flush();
    }
}
