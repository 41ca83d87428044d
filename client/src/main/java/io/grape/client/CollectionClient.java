package io.grape.client;

import io.grape.client.session.ClientCore;
import io.grape.client.session.RequestSlot;
import io.grape.codecs.GrapeException;
import io.grape.codecs.sbe.CountReplyDecoder;
import io.grape.codecs.sbe.ErrorCode;
import io.grape.codecs.sbe.GetReplyDecoder;
import io.grape.codecs.sbe.Metric;
import io.grape.codecs.sbe.SearchBatchReplyDecoder;
import io.grape.codecs.sbe.WriteReplyDecoder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.BinaryOperator;
import java.util.function.Supplier;
import org.agrona.MutableDirectBuffer;
import org.jspecify.annotations.Nullable;

/**
 * What is asked of a collection as a whole: count, scroll, several searches at once, another name.
 *
 * <p>Obtained from {@link GrapeClient#on}; it shares that client, with its rules of threads, deadlines and errors, and needs no
 * closing. A future that is cancelled before its request was sent withdraws the request. Any thread.
 */
public final class CollectionClient {
    private static final int METADATA = 0;

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
        return ofEachGroup(
                consistency,
                (buffer, asked) -> CollectionRequests.count(buffer, collection.id(), asked),
                () -> new FutureReply<>(CountReplyDecoder.TEMPLATE_ID, CollectionReplies::count),
                (one, other) -> {
                    List<Position> positions = new ArrayList<>(one.positions());
                    positions.addAll(other.positions());
                    return new CountResult(one.points() + other.points(), positions);
                });
    }

    /**
     * Reads a page of points by ascending unsigned id. All pages that follow from one another are of one moment, whatever is
     * written meanwhile, and any replica may give them. Where points are spread over several groups, one group follows the
     * other, each with its ids in order and of a moment of its own.
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
        List<Integer> groups = client.groupIds();
        int groupId = cursor.position().groupId() < 0
                ? groups.getFirst()
                : cursor.position().groupId();
        int following = groups.indexOf(groupId) + 1;
        Consistency asked = cursor.isStart() ? consistency : Consistency.atLeast(cursor.position());
        RequestSlot slot = core.acquire(timeoutNs);
        int length = CollectionRequests.scroll(
                slot.buffer(), collection.id(), cursor, limit, withVectors, inGroup(asked, groupId));
        FutureReply<ScrollPage> reply = new FutureReply<>(
                GetReplyDecoder.TEMPLATE_ID,
                (buffer, offset, positions) -> CollectionReplies.page(buffer, offset, cursor));
        submit(slot, length, asked, groupId, reply);
        if (following == groups.size()) {
            return reply;
        }
        return reply.thenApply(page -> page.isLast()
                ? new ScrollPage(page.points(), ScrollCursor.startOf(groups.get(following)), false)
                : page);
    }

    /**
     * Returns all points in the order of {@link #scrollPage}, as of one moment; a page is read when it is needed. The iterator throws what
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
     * @param exact       compare every point instead of asking the graph
     * @param consistency how new the answer must be
     * @return one result for each query, in order
     * @throws GrapeException DIMENSION_MISMATCH, INVALID_K, BATCH_TOO_LARGE if the answer could be longer than a message
     */
    public List<SearchResult> searchBatch(float[][] queries, int k, boolean exact, Consistency consistency) {
        client.checkNotPolling();
        return GrapeClient.await(searchBatchAsync(queries, k, exact, consistency));
    }

    /** As the other, by the graph where there is one. */
    public List<SearchResult> searchBatch(float[][] queries, int k, Consistency consistency) {
        return searchBatch(queries, k, false, consistency);
    }

    /** As {@link #searchBatch}, without waiting. */
    public CompletableFuture<List<SearchResult>> searchBatchAsync(
            float[][] queries, int k, boolean exact, Consistency consistency) {
        RequestChecks.count(queries.length, core.maxBatchPoints());
        for (float[] query : queries) {
            RequestChecks.dimension("The query", query.length, collection);
        }
        int dimension = collection.dimension();
        boolean ascending = collection.metric() == Metric.EUCLIDEAN;
        return ofEachGroup(
                consistency,
                (buffer, asked) ->
                        CollectionRequests.searchBatch(buffer, collection.id(), queries, dimension, k, exact, asked),
                () -> new FutureReply<>(SearchBatchReplyDecoder.TEMPLATE_ID, CollectionReplies::searchBatch),
                (one, other) -> {
                    List<SearchResult> merged = new ArrayList<>(one.size());
                    for (int i = 0; i < one.size(); i++) {
                        merged.add(merge(one.get(i), other.get(i), k, ascending));
                    }
                    return merged;
                });
    }

    private static SearchResult merge(SearchResult one, SearchResult other, int k, boolean ascending) {
        List<SearchHit> hits = new ArrayList<>(one.hits());
        hits.addAll(other.hits());
        Comparator<SearchHit> byScore = Comparator.comparingDouble(SearchHit::score);
        hits.sort(ascending ? byScore : byScore.reversed());
        List<Position> positions = new ArrayList<>(one.positions());
        positions.addAll(other.positions());
        return new SearchResult(
                hits.subList(0, Math.min(k, hits.size())),
                other.position(),
                one.scanned() + other.scanned(),
                positions,
                one.exact() && other.exact(),
                Math.max(one.ef(), other.ef()));
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
        core.submit(slot, length, true, RequestSlot.LEADER, METADATA, reply, timeoutNs);
        GrapeClient.await(reply);
        return client.collection(name);
    }

    /** Encodes a request of one group. */
    @FunctionalInterface
    private interface Encoding {
        int encode(MutableDirectBuffer buffer, Consistency inGroup);
    }

    private <T> CompletableFuture<T> ofEachGroup(
            Consistency consistency, Encoding encoding, Supplier<FutureReply<T>> replies, BinaryOperator<T> merge) {
        CompletableFuture<T> all = null;
        for (int groupId : client.groupIds()) {
            RequestSlot slot = core.acquire(timeoutNs);
            int length = encoding.encode(slot.buffer(), inGroup(consistency, groupId));
            FutureReply<T> reply = replies.get();
            submit(slot, length, consistency, groupId, reply);
            all = all == null ? reply : all.thenCombine(reply, merge);
        }
        return Objects.requireNonNull(all, "there is a group that holds points");
    }

    /** Returns what a consistency asks of one group. */
    private static Consistency inGroup(Consistency consistency, int groupId) {
        return consistency.kind() == Consistency.Kind.AT_LEAST_POSITION
                ? new Consistency(consistency.kind(), consistency.minPosition(groupId))
                : consistency;
    }

    private void submit(RequestSlot slot, int length, Consistency consistency, int groupId, FutureReply<?> reply) {
        if (length > core.maxMessageLength()) {
            core.abandon(slot);
            throw new GrapeException(
                    ErrorCode.MESSAGE_TOO_LARGE,
                    "The request takes " + length + " bytes and the nodes accept " + core.maxMessageLength() + ".");
        }
        core.submit(slot, length, false, CallbackClient.target(consistency), groupId, reply, timeoutNs);
    }
}
