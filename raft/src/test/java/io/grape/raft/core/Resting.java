package io.grape.raft.core;

import static io.grape.raft.core.TestReplica.MS;

import io.grape.codecs.sbe.BeatState;
import java.util.List;

/** Replicas that went to rest, for tests. */
final class Resting {
    static final RaftTiming TIMING = SimCluster.LEASES.withHibernationAfter(30 * MS);

    private Resting() {}

    /** A leader of three whose peers have everything. */
    static TestReplica awakeLeader(RaftRules rules) {
        TestReplica leader = new TestReplica(TestReplica.configOf(3, TIMING), rules, true).leading();
        leader.accepted(1, 1, 1);
        leader.accepted(2, 1, 1);
        leader.beats();
        return leader;
    }

    /** Time passes, and both peers answer that they are there. */
    static void quietTicks(TestReplica leader, int ticks) {
        for (int i = 0; i < ticks; i++) {
            leader.tick(20 * MS);
            if (i < ticks - 1) {
                answerAll(leader, 1, BeatState.AWAKE);
                answerAll(leader, 2, BeatState.AWAKE);
            }
        }
    }

    static void answerAll(TestReplica leader, int peer, BeatState state) {
        leader.answer(
                peer, leader.group.term(), leader.group.state().peers.find(peer).lastRequestId(), 0, state);
    }

    static TestReplica leader(RaftRules rules) {
        TestReplica leader = awakeLeader(rules);
        quietTicks(leader, 3);
        answerAll(leader, 1, BeatState.HIBERNATING);
        answerAll(leader, 2, BeatState.HIBERNATING);
        leader.beats();
        leader.nowNs += 30 * MS;
        if (!leader.group.isHibernating()) {
            throw new AssertionError("the leader does not rest");
        }
        return leader;
    }

    /** A follower of node 1, with one entry. */
    static TestReplica follower(RaftRules rules) {
        return follower(rules, TestReplica.GROUP);
    }

    static TestReplica follower(RaftRules rules, int groupId) {
        RaftConfig config = new RaftConfig(groupId, 0, List.of(0, 1, 2), TIMING, SimCluster.LIMITS, 42, 1);
        TestReplica follower = new TestReplica(config, rules, true);
        follower.groupId = groupId;
        follower.append(1, 1, 0, 0, 0, 1);
        follower.durable();
        follower.heartbeat(1, 1, 1, 1, 7, 0, BeatState.HIBERNATING);
        follower.nowNs += 30 * MS;
        if (!follower.group.isHibernating()) {
            throw new AssertionError("the follower does not rest");
        }
        return follower;
    }
}
