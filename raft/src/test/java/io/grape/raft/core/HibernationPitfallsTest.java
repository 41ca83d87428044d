package io.grape.raft.core;

import static io.grape.raft.core.TestReplica.MS;
import static io.grape.raft.core.TestReplica.only;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** What can go wrong when groups share heartbeats and rest; the rows follow those of other systems' pitfalls. */
class HibernationPitfallsTest extends PitfallTests {
    @Test
    void pitfall38AFollowerThatRestsStandsWhenItsLeadersNodeIsLost() {
        TestReplica follower = Resting.follower(rules);
        follower.nowNs += 60_000 * MS;
        follower.group.onNodeGone(1, follower.nowNs);
        List<Sent> sent = follower.tick(120 * MS);
        assertThat(only(sent, Sent.VoteRequest.class)).hasSize(2).allMatch(Sent.VoteRequest::preVote);
    }

    @Test
    void pitfall39AnAnswerOfAnOlderTermRenewsNoLease() {
        TestReplica leader = new TestReplica(TestReplica.configOf(3, SimCluster.LEASES), rules, true).leading();
        leader.accepted(1, 1, 1);
        leader.accepted(2, 1, 1);
        leader.tick(100 * MS);
        assertThat(leader.group.holdsLease(leader.nowNs)).isFalse();
        // Request ids begin anew with each term, so an answer of an older one may name a request of this one.
        long requestId = leader.group.state().peers.find(1).lastRequestId();
        leader.answer(1, leader.group.term() - 1, requestId, 0);
        assertThat(leader.group.holdsLease(leader.nowNs)).isFalse();
        leader.answer(1, leader.group.term(), requestId, 0);
        assertThat(leader.group.holdsLease(leader.nowNs)).isTrue();
    }
}
