package io.grape.client;

import io.grape.client.session.ClientCore;
import io.grape.client.session.ReplyHandler;
import io.grape.client.session.RequestSlot;
import io.grape.codecs.GrapeException;
import io.grape.codecs.sbe.ErrorCode;
import io.grape.codecs.sbe.GetReplyDecoder;
import io.grape.codecs.sbe.Metric;
import io.grape.codecs.sbe.SearchReplyDecoder;
import io.grape.codecs.sbe.WriteReplyDecoder;
import io.grape.shards.ShardTable;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * A connection to a Grape cluster.
 *
 * <p>Any thread may call any method. A blocking call must not be made from work chained to one of this client's
 * futures, because that runs on the polling thread, and is refused there with IllegalStateException. At most
 * {@link ClientConfig#maxInFlight()} requests are without an answer; the next caller waits, and fails with
 * BACK_PRESSURE if no answer frees a place within the request timeout.
 *
 * <p>Success is reported only for what the cluster said is committed. A write whose answer is lost is sent again under
 * the same client id and sequence, so that it is applied once; if the deadline passes it fails with TIMED_OUT and its
 * outcome is unknown. Errors are {@link GrapeException}; {@link RetryAdvice#of} says what to do about a code.
 */
public final class GrapeClient implements AutoCloseable {
    private final ClientCore core;
    private final long clientId;
    private final long requestTimeoutNs;
    private final RequestEncoder[] encoders;
    private final GroupCalls calls;
    private final Collections collections;

    private GrapeClient(ClientCore core, long clientId, ClientConfig config) {
        this.core = core;
        this.clientId = clientId;
        this.requestTimeoutNs = config.requestTimeout().toNanos();
        this.encoders = new RequestEncoder[config.maxInFlight()];
        Arrays.setAll(encoders, slot -> new RequestEncoder());
        this.calls = new GroupCalls(core, encoders, true, requestTimeoutNs);
        this.collections = new Collections(core, encoders, calls, requestTimeoutNs);
    }

    /**
     * Connects to a cluster through any of its nodes.
     *
     * @param config where, and with what limits
     * @return a client that one node at least has answered
     * @throws GrapeException TIMED_OUT if no node answers, or the code with which the node refused
     */
    public static GrapeClient connect(ClientConfig config) {
        SecureRandom random = new SecureRandom();
        long clientId = config.clientId() != 0 ? config.clientId() : nonZero(random);
        ClientCore core = Connector.open(config, clientId, random);
        return new GrapeClient(core, clientId, config);
    }

    private static long nonZero(SecureRandom random) {
        long value = random.nextLong();
        return value == 0 ? 1 : value;
    }

    /**
     * Makes a collection, or finds the one that has this name and shape already.
     *
     * @param name      1 to 128 characters of a-z, 0-9, _ and -
     * @param dimension components of each vector, 1 to 4096
     * @param metric    how two vectors are compared
     * @return the collection
     * @throws GrapeException COLLECTION_EXISTS if the name is taken by another shape, INVALID_COLLECTION
     */
    public CollectionInfo createCollection(String name, int dimension, Metric metric) {
        checkNotPolling();
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(metric, "metric");
        collections.create(name, dimension, metric);
        return collection(name);
    }

    /** Removes a collection and its points; UNKNOWN_COLLECTION if there is none of that name. */
    public void dropCollection(String name) {
        collections.drop(collection(name).id());
    }

    /** Returns all collections, as new as every acknowledged write. */
    public List<CollectionInfo> listCollections() {
        checkNotPolling();
        return await(listCollectionsAt(RequestSlot.LEADER, Consistency.LINEARIZABLE));
    }

    /**
     * Returns one collection.
     *
     * @param name its name
     * @return what the cluster says of it
     * @throws GrapeException UNKNOWN_COLLECTION
     */
    public CollectionInfo collection(String name) {
        for (CollectionInfo each : listCollections()) {
            if (each.name().equals(name)) {
                return each;
            }
        }
        throw new GrapeException(
                ErrorCode.UNKNOWN_COLLECTION, "There is no collection '" + name + "'; create it first.");
    }

    /**
     * Inserts or replaces points: in each group that owns some of them all of those or none.
     *
     * @param collection where
     * @param batch      copied before this returns
     * @return the committed outcome
     * @throws GrapeException BATCH_TOO_LARGE before anything is sent, or what the cluster refused it with
     */
    public WriteResult upsert(CollectionInfo collection, PointBatch batch) {
        checkNotPolling();
        return await(upsertAsync(collection, batch));
    }

    /**
     * Inserts or replaces points without waiting for the outcome.
     *
     * <p>Writes are sent in the order of their submission, but one that is refused for a while or sent again may be
     * applied after a later one: where the order matters, wait for the first.
     *
     * @param collection where
     * @param batch      copied before this returns
     * @return completes with the committed outcome
     */
    public CompletableFuture<WriteResult> upsertAsync(CollectionInfo collection, PointBatch batch) {
        FutureReply<WriteResult> reply = new FutureReply<>(WriteReplyDecoder.TEMPLATE_ID, ReplyDecoder::write);
        submitUpsert(collection, batch, reply);
        return reply;
    }

    void submitUpsert(CollectionInfo collection, PointBatch batch, ReplyHandler reply) {
        RequestChecks.batch(collection, batch, core.maxBatchPoints(), core.maxMessageLength());
        calls.upsert(collection, batch, reply);
    }

    /**
     * Removes points; an absent one is not an error.
     *
     * @param collection where
     * @param ids        numeric ids
     * @return the committed outcome
     */
    public WriteResult delete(CollectionInfo collection, long... ids) {
        checkNotPolling();
        return await(deleteAsync(collection, ids));
    }

    /**
     * Removes points without waiting for the outcome.
     *
     * @param collection where
     * @param ids        numeric ids
     * @return completes with the committed outcome
     */
    public CompletableFuture<WriteResult> deleteAsync(CollectionInfo collection, long... ids) {
        RequestChecks.ids(ids);
        RequestChecks.count(ids.length, core.maxBatchPoints());
        return submitDelete(collection, ids, null);
    }

    /**
     * Removes points if all of them have the expected versions.
     *
     * @param collection       where
     * @param ids              numeric ids
     * @param expectedVersions of each, as a read returned it, or {@link PointBatch#ANY_VERSION}
     * @return completes with the committed outcome, or with VERSION_MISMATCH; nothing was removed then
     */
    public CompletableFuture<WriteResult> deleteIfAsync(
            CollectionInfo collection, long[] ids, long[] expectedVersions) {
        RequestChecks.expectedVersions(ids, expectedVersions);
        RequestChecks.count(ids.length, core.maxBatchPoints());
        return submitDelete(collection, ids, expectedVersions);
    }

    private CompletableFuture<WriteResult> submitDelete(
            CollectionInfo collection, long[] ids, long @Nullable [] expectedVersions) {
        FutureReply<WriteResult> reply = new FutureReply<>(WriteReplyDecoder.TEMPLATE_ID, ReplyDecoder::write);
        calls.delete(collection, ids, expectedVersions, reply);
        return reply;
    }

    /** As {@link #deleteIfAsync}, and waits. */
    public WriteResult deleteIf(CollectionInfo collection, long[] ids, long[] expectedVersions) {
        checkNotPolling();
        return await(deleteIfAsync(collection, ids, expectedVersions));
    }

    /** As {@link #searchAsync(CollectionInfo, float[], int, Consistency, SearchOptions)} with none, and waits. */
    public SearchResult search(CollectionInfo collection, float[] query, int k, Consistency consistency) {
        return search(collection, query, k, consistency, SearchOptions.DEFAULT);
    }

    /** As {@link #searchAsync(CollectionInfo, float[], int, Consistency, SearchOptions)}, and waits. */
    public SearchResult search(
            CollectionInfo collection, float[] query, int k, Consistency consistency, SearchOptions options) {
        checkNotPolling();
        return await(searchAsync(collection, query, k, consistency, options));
    }

    /** As the other one without options. */
    public CompletableFuture<SearchResult> searchAsync(
            CollectionInfo collection, float[] query, int k, Consistency consistency) {
        return searchAsync(collection, query, k, consistency, SearchOptions.DEFAULT);
    }

    /**
     * Returns the k nearest points, without waiting; nearly, if the collection has a graph and the options do not ask for
     * certainty.
     *
     * @param k           how many, 1 to the node's limit
     * @param consistency how new the answer must be
     * @return completes with the nearest, nearest first
     */
    public CompletableFuture<SearchResult> searchAsync(
            CollectionInfo collection, float[] query, int k, Consistency consistency, SearchOptions options) {
        return searchAt(CallbackClient.target(consistency), collection, query, k, consistency, options);
    }

    /**
     * Returns points by id.
     *
     * @param collection  where
     * @param ids         numeric ids
     * @param withVectors return vectors and payloads too
     * @param consistency how new the answer must be
     * @return one for each id, in their order
     */
    public GetResult get(CollectionInfo collection, long[] ids, boolean withVectors, Consistency consistency) {
        checkNotPolling();
        return await(getAsync(collection, ids, withVectors, consistency));
    }

    /**
     * Returns points by id, without waiting.
     *
     * @param collection  where
     * @param ids         numeric ids
     * @param withVectors return vectors and payloads too
     * @param consistency how new the answer must be
     * @return completes with one for each id, in their order
     */
    public CompletableFuture<GetResult> getAsync(
            CollectionInfo collection, long[] ids, boolean withVectors, Consistency consistency) {
        return getAt(CallbackClient.target(consistency), collection, ids, withVectors, consistency);
    }

    /**
     * Returns what can be asked of a collection as a whole: count, scroll, several searches at once, another name.
     *
     * @param collection which
     */
    public CollectionClient on(CollectionInfo collection) {
        return new CollectionClient(this, core, collection, requestTimeoutNs);
    }

    /**
     * Follows what is written to a group.
     *
     * @param from first entry wanted: one more than the index of a position that was read, or index 1
     */
    public ChangeFeed changes(Position from) {
        return new ChangeFeed(this, core, from, requestTimeoutNs);
    }

    /** Returns what the node that this client is connected to knows of group 0 and of itself. */
    public NodeStatus status() {
        checkNotPolling();
        return await(statusAt(RequestSlot.ANY_NODE, 0));
    }

    /**
     * Returns a view of exactly one node of the cluster.
     *
     * @param nodeId a member
     * @return reads answered by this node only
     */
    public NodeClient node(int nodeId) {
        return new NodeClient(this, nodeId);
    }

    /**
     * Returns this client without waiting and without garbage.
     *
     * @param timeout how long each of its requests is tried; replaces the configured one
     * @return a view with a deadline of its own
     */
    public CallbackClient callbacks(Duration timeout) {
        return new CallbackClient(core, encoders, timeout.toNanos());
    }

    /** Returns the ids of the cluster's nodes as they were last told, ascending. */
    public List<Integer> memberIds() {
        return core.memberIds();
    }

    /** Returns the leader of group 0 as this client knows it, or -1. */
    public int leaderNodeId() {
        return core.leaderNodeId();
    }

    /** Returns the node that writes go to now, or -1 while there is none. */
    public int connectedNodeId() {
        return core.connectedNodeId();
    }

    /** Returns the identity under which this client writes. */
    public long clientId() {
        return clientId;
    }

    /** Returns the highest sequence that was given to a write, or one less than the first. */
    public long lastSequence() {
        return core.lastSequence();
    }

    /**
     * Lets the cluster forget the outcomes of no more writes than those up to a sequence. For a program that notes on disk which
     * of its writes are done, and writes the others again under the same client id after a crash: call it before the first
     * write and after each note. Without it, every outcome that this client has heard may be forgotten. At most 256 writes
     * are sent beyond this sequence; further ones wait.
     *
     * @param sequence at least one less than the first, and never less than before
     */
    public void acknowledgeThrough(long sequence) {
        core.acknowledgeThrough(sequence);
    }

    /** Returns the number of requests without an answer. */
    public int inFlight() {
        return core.inFlight();
    }

    CompletableFuture<NodeStatus> statusAt(int target, int groupId) {
        return collections.status(groupId, target);
    }

    CompletableFuture<List<CollectionInfo>> listCollectionsAt(int target, Consistency consistency) {
        return collections.list(target, consistency);
    }

    /** Returns what changes the cluster itself. */
    public ClusterAdmin admin() {
        return new ClusterAdmin(collections);
    }

    /** Returns the group that owns a point by the newest table. */
    int groupOf(CollectionInfo collection, long id) {
        ShardTable table = calls.table();
        return table.groupOf(table.shardOf(collection.id(), 0, id));
    }

    /** Returns what an operator does with shards. */
    public ShardAdmin shards() {
        return new ShardAdmin(this, collections, calls);
    }

    /** Returns the ids of the groups that hold points, ascending. */
    public List<Integer> groupIds() {
        return Arrays.stream(calls.dataGroups()).boxed().toList();
    }

    CompletableFuture<SearchResult> searchAt(
            int target,
            CollectionInfo collection,
            float[] query,
            int k,
            Consistency consistency,
            SearchOptions options) {
        RequestChecks.dimension("The query", query.length, collection);
        RequestChecks.options(options);
        Objects.requireNonNull(consistency, "consistency");
        FutureReply<SearchResult> reply = new FutureReply<>(SearchReplyDecoder.TEMPLATE_ID, ReplyDecoder::search);
        calls.search(target, collection, query, k, consistency, options, reply);
        return reply;
    }

    CompletableFuture<GetResult> getAt(
            int target, CollectionInfo collection, long[] ids, boolean withVectors, Consistency consistency) {
        RequestChecks.ids(ids);
        Objects.requireNonNull(consistency, "consistency");
        FutureReply<GetResult> reply = new FutureReply<>(GetReplyDecoder.TEMPLATE_ID, ReplyDecoder::get);
        calls.get(target, collection, ids, withVectors, consistency, reply);
        return reply;
    }

    /** Returns the longest request that the nodes accept, bytes. */
    public int maxMessageLength() {
        return core.maxMessageLength();
    }

    /** Returns the most points of one batch. */
    public int maxBatchPoints() {
        return core.maxBatchPoints();
    }

    /** Returns how often a request was sent again since the client was opened. */
    public long resends() {
        return core.resends();
    }

    void checkNotPolling() {
        if (core.isPollingThread()) {
            throw new IllegalStateException("a blocking call on the client's own polling thread would wait for itself; "
                    + "use the async form there");
        }
    }

    /** Fails what is in flight with CLIENT_CLOSED, tells the nodes, and frees threads and files. Idempotent. */
    @Override
    public void close() {
        core.close();
    }

    static <T> T await(CompletableFuture<T> future) {
        try {
            return future.get();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new GrapeException(
                    ErrorCode.TIMED_OUT, "Interrupted while waiting; the outcome is unknown.", interrupted);
        } catch (ExecutionException | CompletionException failed) {
            if (failed.getCause() instanceof GrapeException refused) {
                throw new GrapeException(refused.code(), String.valueOf(refused.getMessage()), refused);
            }
            throw new GrapeException(ErrorCode.INTERNAL, "A request failed: " + failed.getCause(), failed);
        }
    }
}
