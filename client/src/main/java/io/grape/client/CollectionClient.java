package io.grape.client;

import io.grape.client.session.ClientCore;
import io.grape.client.session.RequestSlot;
import io.grape.codecs.GrapeException;
import io.grape.codecs.sbe.CountReplyDecoder;
import io.grape.codecs.sbe.ErrorCode;
import io.grape.codecs.sbe.GetReplyDecoder;
import io.grape.codecs.sbe.SearchBatchReplyDecoder;
import io.grape.codecs.sbe.WriteReplyDecoder;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * What is asked of a collection as a whole: count, scroll, several searches at once, another name.
 *
 * <p>Obtained from {@link GrapeClient#on}; it shares that client, with its rules of threads, deadlines and errors, and needs no
 * closing. A future that is cancelled before its request was sent withdraws the request. Any thread.
 */
public final class CollectionClient {
    private final GrapeClient client;
    private final ClientCore core;
    private final CollectionInfo collection;
    private final long timeoutNs;

    CollectionClient(GrapeClient client, ClientCore core, CollectionInfo collection, long timeoutNs) {
        this.client = client;
        this.core = core;
        this.collection = Objects.requireNonNull(collection, "collection");
        this.timeoutNs = timeoutNs;
    }

    /** Returns the collection that is meant. */
    public CollectionInfo collection() {
        return collection;
    }

    /**
     * Counts the live points.
     *
     * @param consistency how new the count must be
     * @throws GrapeException UNKNOWN_COLLECTION
     */
    public CountResult count(Consistency consistency) {
        client.checkNotPolling();
        return GrapeClient.await(countAsync(consistency));
    }

    /** As {@link #count}, without waiting. */
    public CompletableFuture<CountResult> countAsync(Consistency consistency) {
        RequestSlot slot = core.acquire(timeoutNs);
        int length = CollectionRequests.count(slot.buffer(), collection.id(), consistency);
        return submit(
                slot, length, consistency, new FutureReply<>(CountReplyDecoder.TEMPLATE_ID, CollectionReplies::count));
    }

    /**
     * Reads a page of points by ascending unsigned id. All pages that follow from one another are of one moment, whatever is
     * written meanwhile, and any replica may give them.
     *
     * @param cursor      {@link ScrollCursor#START}, or what the page before named
     * @param limit       most points, 1 to {@link GrapeClient#maxBatchPoints()}; fewer are given where the message is full
     * @param withVectors return vectors and payloads too
     * @param consistency how new the moment must be; only the first page asks for it
     * @throws GrapeException UNKNOWN_COLLECTION, BATCH_TOO_LARGE, COMPACTED
     */
    public ScrollPage scrollPage(ScrollCursor cursor, int limit, boolean withVectors, Consistency consistency) {
        client.checkNotPolling();
        return GrapeClient.await(scrollPageAsync(cursor, limit, withVectors, consistency));
    }

    /** As {@link #scrollPage}, without waiting. */
    public CompletableFuture<ScrollPage> scrollPageAsync(
            ScrollCursor cursor, int limit, boolean withVectors, Consistency consistency) {
        RequestChecks.count(limit, core.maxBatchPoints());
        Consistency asked = cursor.isStart() ? consistency : Consistency.atLeast(cursor.position());
        RequestSlot slot = core.acquire(timeoutNs);
        int length = CollectionRequests.scroll(slot.buffer(), collection.id(), cursor, limit, withVectors, asked);
        return submit(
                slot,
                length,
                asked,
                new FutureReply<>(
                        GetReplyDecoder.TEMPLATE_ID,
                        (buffer, offset) -> CollectionReplies.page(buffer, offset, cursor)));
    }

    /**
     * Returns all points by ascending unsigned id, as of one moment; a page is read when it is needed. The iterator throws what
     * {@link #scrollPage} throws.
     *
     * @param pageSize    points of one request
     * @param withVectors return vectors and payloads too
     * @param consistency how new the moment must be
     */
    public Iterable<StoredPoint> scroll(int pageSize, boolean withVectors, Consistency consistency) {
        return () -> new Pages(pageSize, withVectors, consistency);
    }

    private final class Pages implements Iterator<StoredPoint> {
        private final int pageSize;
        private final boolean withVectors;
        private final Consistency consistency;
        private @Nullable ScrollPage page;
        private int at;

        Pages(int pageSize, boolean withVectors, Consistency consistency) {
            this.pageSize = pageSize;
            this.withVectors = withVectors;
            this.consistency = consistency;
        }

        @Override
        public boolean hasNext() {
            ScrollPage current = page;
            while (current == null || at == current.points().size()) {
                if (current != null && current.isLast()) {
                    return false;
                }
                ScrollCursor cursor = current == null ? ScrollCursor.START : current.next();
                current = scrollPage(cursor, pageSize, withVectors, consistency);
                page = current;
                at = 0;
            }
            return true;
        }

        @Override
        public StoredPoint next() {
            ScrollPage current = hasNext() ? page : null;
            if (current == null) {
                throw new NoSuchElementException("the scroll is at its end");
            }
            return current.points().get(at++);
        }
    }

    /**
     * Finds the k nearest points to each of several queries in one request, all of one position.
     *
     * @param queries     components of each, as many as the collection has
     * @param k           how many for each
     * @param consistency how new the answer must be
     * @return one result for each query, in order
     * @throws GrapeException DIMENSION_MISMATCH, INVALID_K, BATCH_TOO_LARGE if the answer could be longer than a message
     */
    public List<SearchResult> searchBatch(float[][] queries, int k, Consistency consistency) {
        client.checkNotPolling();
        return GrapeClient.await(searchBatchAsync(queries, k, consistency));
    }

    /** As {@link #searchBatch}, without waiting. */
    public CompletableFuture<List<SearchResult>> searchBatchAsync(float[][] queries, int k, Consistency consistency) {
        RequestChecks.count(queries.length, core.maxBatchPoints());
        for (float[] query : queries) {
            RequestChecks.dimension("The query", query.length, collection);
        }
        RequestSlot slot = core.acquire(timeoutNs);
        int length = CollectionRequests.searchBatch(
                slot.buffer(), collection.id(), queries, collection.dimension(), k, consistency);
        return submit(
                slot,
                length,
                consistency,
                new FutureReply<>(SearchBatchReplyDecoder.TEMPLATE_ID, CollectionReplies::searchBatch));
    }

    /**
     * Gives the collection another name; its id and points stay. Nothing else of a collection can be altered: dimension, metric
     * and element type are what its points were stored by.
     *
     * @param name that no other collection has
     * @return the collection as it is now
     * @throws GrapeException COLLECTION_EXISTS, INVALID_COLLECTION, UNKNOWN_COLLECTION
     */
    public CollectionInfo rename(String name) {
        client.checkNotPolling();
        RequestSlot slot = core.acquire(timeoutNs);
        int length = CollectionRequests.rename(slot.buffer(), collection.id(), name);
        FutureReply<WriteResult> reply = new FutureReply<>(WriteReplyDecoder.TEMPLATE_ID, ReplyDecoder::write);
        core.submit(slot, length, true, RequestSlot.LEADER, reply, timeoutNs);
        GrapeClient.await(reply);
        return client.collection(name);
    }

    private <T> CompletableFuture<T> submit(
            RequestSlot slot, int length, Consistency consistency, FutureReply<T> reply) {
        if (length > core.maxMessageLength()) {
            core.abandon(slot);
            throw new GrapeException(
                    ErrorCode.MESSAGE_TOO_LARGE,
                    "The request takes " + length + " bytes and the nodes accept " + core.maxMessageLength() + ".");
        }
        core.submit(slot, length, false, CallbackClient.target(consistency), reply, timeoutNs);
        return reply;
    }
}
