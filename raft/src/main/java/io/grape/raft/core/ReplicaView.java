package io.grape.raft.core;

/**
 * A replica's state at one moment, for checks, traces and status pages.
 *
 * @param nodeId       the replica's node
 * @param role         its role
 * @param term         current term
 * @param votedFor     vote in that term, or {@link RaftGroup#NO_NODE}
 * @param leaderNodeId leader as known here, or {@link RaftGroup#NO_NODE}
 * @param commitIndex  highest index known to be committed
 * @param durableIndex highest index known to be durable here
 * @param lastIndex    end of the log, staged entries included
 */
public record ReplicaView(
        int nodeId,
        Role role,
        long term,
        int votedFor,
        int leaderNodeId,
        long commitIndex,
        long durableIndex,
        long lastIndex) {
    /** Returns a copy of what the replica is now. */
    public static ReplicaView of(RaftGroup group) {
        return new ReplicaView(
                group.config().nodeId(),
                group.role(),
                group.term(),
                group.votedFor(),
                group.leaderNodeId(),
                group.commitIndex(),
                group.durableIndex(),
                group.lastIndex());
    }
}
