package io.grape.node.config;

/**
 * Intervals and timeouts of consensus, and for how long clients are remembered.
 *
 * @param heartbeatMs       a leader speaks at least so often
 * @param electionTimeoutMs a follower that hears nothing for this long, or up to twice as long, starts an election
 * @param forceIntervalMs   for the policy {@code async}: time between two forces
 * @param clientExpiryMs    a client that wrote nothing for so long is forgotten, by the time that the log carries; the leader's
 *                          value counts
 */
public record NodeTiming(int heartbeatMs, int electionTimeoutMs, int forceIntervalMs, int clientExpiryMs) {
    private static final int DEFAULT_CLIENT_EXPIRY_MS = 3_600_000;
    private static final int MIN_CLIENT_EXPIRY_MS = 10_000;

    /** Checks the values. */
    public NodeTiming {
        if (heartbeatMs < 1 || forceIntervalMs < 1) {
            throw NodeConfig.invalid("raft.heartbeat-ms and sync.interval-ms must be at least 1");
        }
        if (clientExpiryMs < MIN_CLIENT_EXPIRY_MS) {
            throw NodeConfig.invalid("clients.expiry-ms must be at least " + MIN_CLIENT_EXPIRY_MS
                    + ": a client that is forgotten while it repeats a write cannot be told what became of it");
        }
        if (electionTimeoutMs < 4 * heartbeatMs) {
            throw NodeConfig.invalid("raft.election-timeout-ms must be at least four times raft.heartbeat-ms: a lost "
                    + "heartbeat or two must not cost an election");
        }
    }

    /** As given, with clients remembered for an hour. */
    public NodeTiming(int heartbeatMs, int electionTimeoutMs, int forceIntervalMs) {
        this(heartbeatMs, electionTimeoutMs, forceIntervalMs, DEFAULT_CLIENT_EXPIRY_MS);
    }

    /** Returns values for a small, shared machine: an Aeron stream may need 200 ms to repair a lost last message. */
    public static NodeTiming defaults() {
        return new NodeTiming(50, 400, 10);
    }
}
