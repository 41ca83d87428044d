package io.grape.client;

import io.grape.client.session.ClientCore;
import io.grape.client.session.RequestSlot;
import io.grape.codecs.HotPath;
import java.util.Objects;
import org.agrona.concurrent.ManyToManyConcurrentArrayQueue;
import org.jspecify.annotations.Nullable;

/**
 * The client without waiting and without garbage: requests are encoded in place, and outcomes come to callbacks.
 *
 * <p>Any thread may call. Each method returns false, and does nothing, when all places for requests in flight are
 * taken: that is the back-pressure, and what to do about it is the caller's choice. Each callback is called exactly
 * once, on the polling thread, also at the deadline and when the client is closed. In steady state neither side
 * allocates, refusals apart. Obtained from {@link GrapeClient#callbacks}; it shares that client and needs no closing.
 */
public final class CallbackClient {
    /** More than are in flight: one more may be between its outcome and its return. */
    private static final int SPARE_REPLIES = 64;

    private final ClientCore core;
    private final RequestEncoder[] encoders;
    private final long timeoutNs;
    private final ManyToManyConcurrentArrayQueue<CallbackReply> spare;

    CallbackClient(ClientCore core, RequestEncoder[] encoders, long timeoutNs) {
        this.core = core;
        this.encoders = encoders;
        this.timeoutNs = timeoutNs;
        int count = encoders.length + SPARE_REPLIES;
        this.spare = new ManyToManyConcurrentArrayQueue<>(count);
        for (int i = 0; i < count; i++) {
            spare.offer(new CallbackReply(spare));
        }
    }

    /**
     * Inserts or replaces points: all of the batch or none of it.
     *
     * @param collection where
     * @param batch      copied before this returns
     * @param callback   hears the outcome
     * @return false if there is no free place
     * @throws io.grape.codecs.GrapeException what no node would accept, before anything is sent
     */
    @HotPath
    public boolean upsert(CollectionInfo collection, PointBatch batch, WriteCallback callback) {
        Objects.requireNonNull(callback, "callback");
        RequestChecks.batch(collection, batch, core.maxBatchPoints(), core.maxMessageLength());
        RequestSlot slot = core.tryAcquire();
        if (slot == null) {
            return false;
        }
        int length = encoders[slot.index()].upsert(slot.buffer(), collection.id(), batch);
        core.submit(slot, length, true, RequestSlot.LEADER, reply().forWrite(callback), timeoutNs);
        return true;
    }

    /**
     * Removes points; an absent one is not an error.
     *
     * @param collection where
     * @param ids        numeric ids, copied before this returns
     * @param callback   hears the outcome
     * @return false if there is no free place
     */
    @HotPath
    public boolean delete(CollectionInfo collection, long[] ids, WriteCallback callback) {
        RequestChecks.ids(ids);
        return delete(collection, ids, null, callback);
    }

    /**
     * Removes points if all of them have the expected versions; VERSION_MISMATCH otherwise.
     *
     * @param collection       where
     * @param ids              numeric ids, copied before this returns
     * @param expectedVersions of each, as a read returned it, or {@link PointBatch#ANY_VERSION}
     * @param callback         hears the outcome
     * @return false if there is no free place
     */
    @HotPath
    public boolean deleteIf(CollectionInfo collection, long[] ids, long[] expectedVersions, WriteCallback callback) {
        RequestChecks.expectedVersions(ids, expectedVersions);
        return delete(collection, ids, expectedVersions, callback);
    }

    @HotPath
    private boolean delete(
            CollectionInfo collection, long[] ids, long @Nullable [] expectedVersions, WriteCallback callback) {
        Objects.requireNonNull(callback, "callback");
        RequestChecks.count(ids.length, core.maxBatchPoints());
        RequestSlot slot = core.tryAcquire();
        if (slot == null) {
            return false;
        }
        int length = encoders[slot.index()].delete(slot.buffer(), collection.id(), ids, expectedVersions);
        core.submit(slot, length, true, RequestSlot.LEADER, reply().forWrite(callback), timeoutNs);
        return true;
    }

    /**
     * Finds the k nearest points.
     *
     * @param collection  where
     * @param query       components of the query, copied before this returns
     * @param k           how many
     * @param consistency how new the answer must be
     * @param callback    hears the outcome
     * @return false if there is no free place
     */
    @HotPath
    public boolean search(
            CollectionInfo collection, float[] query, int k, Consistency consistency, SearchCallback callback) {
        return search(collection, query, k, consistency, SearchOptions.DEFAULT, callback);
    }

    /** The same, as the options say. */
    @HotPath
    public boolean search(
            CollectionInfo collection,
            float[] query,
            int k,
            Consistency consistency,
            SearchOptions options,
            SearchCallback callback) {
        Objects.requireNonNull(callback, "callback");
        Objects.requireNonNull(consistency, "consistency");
        RequestChecks.options(options);
        RequestChecks.dimension("The query", query.length, collection);
        RequestSlot slot = core.tryAcquire();
        if (slot == null) {
            return false;
        }
        int length = encoders[slot.index()].search(slot.buffer(), collection.id(), query, k, consistency, options);
        core.submit(slot, length, false, target(consistency), reply().forSearch(callback), timeoutNs);
        return true;
    }

    /**
     * Reads points by id.
     *
     * @param collection  where
     * @param ids         numeric ids, copied before this returns
     * @param withVectors return vectors and payloads too
     * @param consistency how new the answer must be
     * @param callback    hears the outcome
     * @return false if there is no free place
     */
    @HotPath
    public boolean get(
            CollectionInfo collection, long[] ids, boolean withVectors, Consistency consistency, GetCallback callback) {
        Objects.requireNonNull(callback, "callback");
        Objects.requireNonNull(consistency, "consistency");
        RequestChecks.ids(ids);
        RequestSlot slot = core.tryAcquire();
        if (slot == null) {
            return false;
        }
        int length = encoders[slot.index()].get(slot.buffer(), collection.id(), ids, withVectors, consistency);
        core.submit(slot, length, false, target(consistency), reply().forGet(callback), timeoutNs);
        return true;
    }

    static int target(Consistency consistency) {
        return consistency.kind() == Consistency.Kind.LINEARIZABLE ? RequestSlot.LEADER : RequestSlot.ANY_NODE;
    }

    private CallbackReply reply() {
        @Nullable CallbackReply reply = spare.poll();
        return reply == null ? new CallbackReply(spare) : reply;
    }
}
