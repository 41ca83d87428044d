package io.grape.client.session;

import io.grape.shards.ShardTable;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** What callers on other threads may know: written by the polling thread, read by anyone. */
final class ClientView {
    /** Completes when the first node gave a session; fails if a node refused for good. */
    final CompletableFuture<Integer> firstSession = new CompletableFuture<>();

    /** Completes with the first shard table. */
    final CompletableFuture<ShardTable> firstTable = new CompletableFuture<>();

    private volatile @Nullable ShardTable table;
    private volatile int maxMessageLength = Integer.MAX_VALUE;
    private volatile int maxBatchPoints = Integer.MAX_VALUE;
    private volatile int connectedNodeId = LeaderTracker.UNKNOWN;
    private volatile List<Integer> memberIds = List.of();
    private volatile boolean isTerminated;

    void limits(int messageLength, int batchPoints) {
        maxMessageLength = messageLength;
        maxBatchPoints = batchPoints;
    }

    int maxMessageLength() {
        return maxMessageLength;
    }

    int maxBatchPoints() {
        return maxBatchPoints;
    }

    /** Takes a table over if it is newer than the one held; polling thread. */
    void install(ShardTable candidate) {
        ShardTable held = table;
        if (held == null || candidate.epoch() > held.epoch()) {
            table = candidate;
            firstTable.complete(candidate);
        }
    }

    /** Returns the newest table heard of, or null while there is none. */
    @Nullable
    ShardTable table() {
        return table;
    }

    void connectedNodeId(int nodeId) {
        connectedNodeId = nodeId;
    }

    int connectedNodeId() {
        return connectedNodeId;
    }

    void isTerminated(boolean value) {
        isTerminated = value;
    }

    boolean isTerminated() {
        return isTerminated;
    }

    void memberIds(List<Integer> ids) {
        memberIds = List.copyOf(ids);
    }

    List<Integer> memberIds() {
        return memberIds;
    }
}
