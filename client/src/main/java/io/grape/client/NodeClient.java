package io.grape.client;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Reads from exactly one node: what this replica, and no other, has applied.
 *
 * <p>Any thread may call. A node that does not answer within the request timeout yields TIMED_OUT naming it. Obtained
 * from {@link GrapeClient#node}; it shares that client's thread and sockets and needs no closing.
 */
public final class NodeClient {
    private final GrapeClient client;
    private final int nodeId;

    NodeClient(GrapeClient client, int nodeId) {
        this.client = client;
        this.nodeId = nodeId;
    }

    /** Returns the node that is asked. */
    public int nodeId() {
        return nodeId;
    }

    /** Returns what the node knows of group 0 and of itself. */
    public NodeStatus status() {
        client.checkNotPolling();
        return GrapeClient.await(statusAsync());
    }

    /** Returns what the node knows of group 0 and of itself, without waiting. */
    public CompletableFuture<NodeStatus> statusAsync() {
        return client.statusAt(nodeId, 0);
    }

    /** Returns what the node knows of one of its groups, without waiting. */
    public CompletableFuture<NodeStatus> statusAsync(int groupId) {
        return client.statusAt(nodeId, groupId);
    }

    /** Returns the collections that the node has applied. */
    public List<CollectionInfo> listCollections() {
        client.checkNotPolling();
        return GrapeClient.await(client.listCollectionsAt(nodeId, Consistency.LOCAL));
    }

    /**
     * Returns the nearest points that the node has applied.
     *
     * @param collection where to search
     * @param query      components of the query
     * @param k          how many
     * @return the nearest, nearest first
     */
    public SearchResult search(CollectionInfo collection, float[] query, int k) {
        client.checkNotPolling();
        return GrapeClient.await(searchAsync(collection, query, k, Consistency.LOCAL));
    }

    /**
     * Returns the nearest points on this node, at a consistency that it can give.
     *
     * @param collection  where to search
     * @param query       components of the query
     * @param k           how many
     * @param consistency how new the answer must be
     * @return the nearest, nearest first
     */
    public CompletableFuture<SearchResult> searchAsync(
            CollectionInfo collection, float[] query, int k, Consistency consistency) {
        return client.searchAt(nodeId, collection, query, k, consistency, SearchOptions.DEFAULT);
    }

    /**
     * Returns points by id as the node has applied them.
     *
     * @param collection  where to look
     * @param ids         numeric ids
     * @param withVectors return vectors and payloads too
     * @return one for each id, in their order
     */
    public GetResult get(CollectionInfo collection, long[] ids, boolean withVectors) {
        client.checkNotPolling();
        return GrapeClient.await(getAsync(collection, ids, withVectors, Consistency.LOCAL));
    }

    /**
     * Returns points by id on this node, at a consistency that it can give.
     *
     * @param collection  where to look
     * @param ids         numeric ids
     * @param withVectors return vectors and payloads too
     * @param consistency how new the answer must be
     * @return one for each id, in their order
     */
    public CompletableFuture<GetResult> getAsync(
            CollectionInfo collection, long[] ids, boolean withVectors, Consistency consistency) {
        return client.getAt(nodeId, collection, ids, withVectors, consistency);
    }
}
