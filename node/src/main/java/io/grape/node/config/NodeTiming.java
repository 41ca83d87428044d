package io.grape.node.config;

/**
 * Intervals and timeouts of consensus.
 *
 * @param heartbeatMs       a leader speaks at least so often
 * @param electionTimeoutMs a follower that hears nothing for this long, or up to twice as long, starts an election
 * @param forceIntervalMs   for the policy {@code async}: time between two forces
 */
public record NodeTiming(int heartbeatMs, int electionTimeoutMs, int forceIntervalMs) {
    /** Checks the values. */
    public NodeTiming {
        if (heartbeatMs < 1 || forceIntervalMs < 1) {
            throw NodeConfig.invalid("raft.heartbeat-ms and sync.interval-ms must be at least 1");
        }
        if (electionTimeoutMs < 4 * heartbeatMs) {
            throw NodeConfig.invalid("raft.election-timeout-ms must be at least four times raft.heartbeat-ms: a lost "
                    + "heartbeat or two must not cost an election");
        }
    }

    /** Returns values for a small, shared machine: an Aeron stream may need 200 ms to repair a lost last message. */
    public static NodeTiming defaults() {
        return new NodeTiming(50, 400, 10);
    }
}
