package io.grape.node.config;

/**
 * What a node accepts; above it is a refusal, never an error later.
 *
 * @param maxMessageLength bytes of one request
 * @param maxBatchPoints   points of one upsert, delete or get
 * @param maxK             neighbours of one search
 * @param maxPayloadLength bytes of one point's payload
 * @param maxSessions      open sessions
 * @param maxClients       clients whose sequences the replicated state remembers; must be equal on all nodes
 * @param maxCollections   live collections; must be equal on all nodes
 * @param budgetBytes      off-heap bytes for each collection
 */
public record NodeLimits(
        int maxMessageLength,
        int maxBatchPoints,
        int maxK,
        int maxPayloadLength,
        int maxSessions,
        int maxClients,
        int maxCollections,
        long budgetBytes) {
    /** Largest dimension of a collection. */
    public static final int MAX_DIMENSION = 4096;

    /** Widest search of a graph that a request may ask for. */
    public static final int MAX_EF = 4096;

    /** Most ids that a search may allow or deny. */
    public static final int MAX_FILTER_IDS = 4096;

    /** Checks the values. */
    public NodeLimits {
        if (maxMessageLength < 32 * 1024
                || maxBatchPoints < 1
                || maxK < 1
                || maxPayloadLength < 0
                || maxSessions < 1
                || maxClients < 1
                || maxCollections < 1
                || budgetBytes < 1) {
            throw new IllegalArgumentException(
                    "limits must be positive, and a message must be allowed at least 32 KiB for one vector");
        }
    }

    /** Returns the limits of a node that is told nothing else. */
    public static NodeLimits defaults() {
        return new NodeLimits(128 * 1024, 1024, 1024, 64 * 1024, 256, 4096, 64, 8L << 30);
    }
}
