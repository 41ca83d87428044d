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
    private final GroupCalls calls;
    private final ManyToManyConcurrentArrayQueue<CallbackReply> spare;

    CallbackClient(ClientCore core, RequestEncoder[] encoders, long timeoutNs) {
        this.core = core;
        this.calls = new GroupCalls(core, encoders, false, timeoutNs);
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
        CallbackReply reply = reply().forWrite(callback);
        return sent(calls.upsert(collection, batch, reply), reply);
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
        CallbackReply reply = reply().forWrite(callback);
        return sent(calls.delete(collection, ids, expectedVersions, reply), reply);
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
        CallbackReply reply = reply().forSearch(callback);
        return sent(calls.search(target(consistency), collection, query, k, consistency, options, reply), reply);
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
        CallbackReply reply = reply().forGet(callback);
        return sent(calls.get(target(consistency), collection, ids, withVectors, consistency, reply), reply);
    }

    static int target(Consistency consistency) {
        return consistency.kind() == Consistency.Kind.LINEARIZABLE ? RequestSlot.LEADER : RequestSlot.ANY_NODE;
    }

    @HotPath
    private static boolean sent(boolean isSent, CallbackReply reply) {
        if (!isSent) {
            reply.giveBack();
        }
        return isSent;
    }

    private CallbackReply reply() {
        @Nullable CallbackReply reply = spare.poll();
        return reply == null ? new CallbackReply(spare) : reply;
    }
}
