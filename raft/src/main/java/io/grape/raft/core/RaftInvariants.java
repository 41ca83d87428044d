package io.grape.raft.core;

/**
 * What must hold of one replica across any step, whatever the network does. Tests and the simulator call it after each.
 *
 * <p>Invariants between replicas (one leader a term, matching logs) need the whole cluster and live with its checker.
 */
public final class RaftInvariants {
    private RaftInvariants() {}

    /**
     * @param before view before a step
     * @param after  view after it, in the same life of the process
     * @throws IllegalStateException naming the rule that was broken
     */
    public static void check(ReplicaView before, ReplicaView after) {
        require(after.term() >= before.term(), "term fell", before, after);
        boolean sameTerm = after.term() == before.term();
        require(
                !sameTerm || before.votedFor() == RaftGroup.NO_NODE || after.votedFor() == before.votedFor(),
                "vote changed within a term",
                before,
                after);
        require(after.commitIndex() >= before.commitIndex(), "commit index fell", before, after);
        require(after.commitIndex() <= after.lastIndex(), "commit index beyond the log", before, after);
        require(after.durableIndex() <= after.lastIndex(), "durable index beyond the log", before, after);
        require(after.lastIndex() >= before.commitIndex(), "committed entries removed", before, after);
        boolean led = sameTerm && before.role() == Role.LEADER && after.role() == Role.LEADER;
        require(!led || after.lastIndex() >= before.lastIndex(), "leader removed entries", before, after);
        require(
                after.role() != Role.LEADER || after.leaderNodeId() == after.nodeId(),
                "leader does not know itself",
                before,
                after);
        require(
                !sameTerm
                        || before.role() == Role.LEADER
                        || after.role() != Role.LEADER
                        || before.role() == Role.CANDIDATE
                        || before.role() == Role.PRE_CANDIDATE,
                "follower became leader without an election",
                before,
                after);
        require(
                !sameTerm
                        || before.leaderNodeId() == RaftGroup.NO_NODE
                        || after.leaderNodeId() == RaftGroup.NO_NODE
                        || before.leaderNodeId() == after.leaderNodeId(),
                "two leaders in one term",
                before,
                after);
    }

    private static void require(boolean holds, String rule, ReplicaView before, ReplicaView after) {
        if (!holds) {
            throw new IllegalStateException(rule + ": before " + before + ", after " + after);
        }
    }
}
