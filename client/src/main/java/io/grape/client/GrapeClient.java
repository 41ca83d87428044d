package io.grape.client;

import io.grape.codecs.GrapeException;
import io.grape.codecs.sbe.ErrorCode;
import io.grape.codecs.sbe.Metric;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

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
    private GrapeClient() {}

    /**
     * Connects to a cluster through any of its nodes.
     *
     * @param config where, and with what limits
     * @return a client that one node at least has answered
     * @throws GrapeException TIMED_OUT if no node answers, or the code with which the node refused
     */
    public static GrapeClient connect(ClientConfig config) {
        throw new GrapeException(ErrorCode.INTERNAL, "Not connected: " + config.endpoints());
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
        throw notYet();
    }

    /**
     * Removes a collection and its points.
     *
     * @param name its name
     * @throws GrapeException UNKNOWN_COLLECTION
     */
    public void dropCollection(String name) {
        throw notYet();
    }

    /** Returns all collections, as new as every acknowledged write. */
    public List<CollectionInfo> listCollections() {
        throw notYet();
    }

    /**
     * Returns one collection.
     *
     * @param name its name
     * @return what the cluster says of it
     * @throws GrapeException UNKNOWN_COLLECTION
     */
    public CollectionInfo collection(String name) {
        throw notYet();
    }

    /**
     * Inserts or replaces points: all of the batch or none of it.
     *
     * @param collection where
     * @param batch      copied before this returns
     * @return the committed outcome
     * @throws GrapeException BATCH_TOO_LARGE before anything is sent, or what the cluster refused it with
     */
    public WriteResult upsert(CollectionInfo collection, PointBatch batch) {
        return await(upsertAsync(collection, batch));
    }

    /**
     * Inserts or replaces points without waiting for the outcome.
     *
     * @param collection where
     * @param batch      copied before this returns
     * @return completes with the committed outcome
     */
    public CompletableFuture<WriteResult> upsertAsync(CollectionInfo collection, PointBatch batch) {
        throw notYet();
    }

    /**
     * Removes points; an absent one is not an error.
     *
     * @param collection where
     * @param ids        numeric ids
     * @return the committed outcome
     */
    public WriteResult delete(CollectionInfo collection, long... ids) {
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
        throw notYet();
    }

    /**
     * Returns the k nearest points.
     *
     * @param collection  where
     * @param query       components of the query
     * @param k           how many, 1 to the node's limit
     * @param consistency how new the answer must be
     * @return the nearest, nearest first
     */
    public SearchResult search(CollectionInfo collection, float[] query, int k, Consistency consistency) {
        return await(searchAsync(collection, query, k, consistency));
    }

    /**
     * Returns the k nearest points, without waiting.
     *
     * @param collection  where
     * @param query       components of the query
     * @param k           how many, 1 to the node's limit
     * @param consistency how new the answer must be
     * @return completes with the nearest, nearest first
     */
    public CompletableFuture<SearchResult> searchAsync(
            CollectionInfo collection, float[] query, int k, Consistency consistency) {
        throw notYet();
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
        throw notYet();
    }

    /** Returns what the node that this client is connected to knows of its group and of itself. */
    public NodeStatus status() {
        throw notYet();
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

    /** Returns the ids of the cluster's nodes as they were last told, ascending. */
    public List<Integer> memberIds() {
        throw notYet();
    }

    /** Returns the leader of group 0 as this client knows it, or -1. */
    public int leaderNodeId() {
        throw notYet();
    }

    /** Returns the node that writes go to now, or -1 while there is none. */
    public int connectedNodeId() {
        throw notYet();
    }

    /** Returns the identity under which this client writes. */
    public long clientId() {
        throw notYet();
    }

    /** Returns the highest sequence that was given to a write, or one less than the first. */
    public long lastSequence() {
        throw notYet();
    }

    /** Returns the number of requests without an answer. */
    public int inFlight() {
        throw notYet();
    }

    CompletableFuture<NodeStatus> statusAt(int nodeId) {
        throw notYet();
    }

    CompletableFuture<List<CollectionInfo>> listCollectionsAt(int nodeId, Consistency consistency) {
        throw notYet();
    }

    CompletableFuture<SearchResult> searchAt(
            int nodeId, CollectionInfo collection, float[] query, int k, Consistency consistency) {
        throw notYet();
    }

    CompletableFuture<GetResult> getAt(
            int nodeId, CollectionInfo collection, long[] ids, boolean withVectors, Consistency consistency) {
        throw notYet();
    }

    /** Fails what is in flight with CLIENT_CLOSED, tells the nodes, and frees threads and files. Idempotent. */
    @Override
    public void close() {}

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

    private static GrapeException notYet() {
        return new GrapeException(ErrorCode.INTERNAL, "The client's core is not there yet.");
    }
}
