package io.grape.raft.core;

import static io.grape.raft.core.TestReplica.MS;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Heartbeats in frames, one replica at a time. */
class HeartbeatTest {
    private static final RaftTiming LEASES = new RaftTiming(100 * MS, 20 * MS, 10 * MS, 4, 80);

    private static TestReplica leader() {
        TestReplica leader = new TestReplica(TestReplica.configOf(3, LEASES), RaftRules.PAPER, true).leading();
        leader.accepted(1, 1, 1);
        leader.accepted(2, 1, 1);
        leader.beats();
        return leader;
    }

    @Test
    void aHeartbeatToAPeerThatIsUpToDateGoesInAFrame() {
        TestReplica leader = leader();
        List<Sent> messages = leader.tick(20 * MS);
        assertThat(messages).isEmpty();
        assertThat(leader.beats())
                .containsExactly("to 1 term 1 1@1 request 3 read 0", "to 2 term 1 1@1 request 3 read 0");
    }

    @Test
    void aPeerOfAnOlderVersionGetsAppends() {
        TestReplica leader = leader();
        leader.group.state().peers.find(1).takesFrames(false);
        List<Sent> messages = leader.tick(20 * MS);
        assertThat(messages).hasSize(1).allMatch(sent -> sent instanceof Sent.Append && sent.to() == 1);
        assertThat(leader.beats()).hasSize(1);
    }

    @Test
    void aCommitIsToldInAFrameAndReadsShareIt() {
        TestReplica leader = leader();
        long index = leader.propose(1);
        leader.end();
        leader.durable();
        leader.group.readIndex(9, leader.nowNs, leader.out);
        leader.accepted(1, index, 3);
        assertThat(leader.group.commitIndex()).isEqualTo(index);
        assertThat(leader.beats())
                .as("the commit that its answer made, and the round of the read")
                .containsExactly("to 1 term 1 2@1 request 4 read 1", "to 2 term 1 2@1 request 4 read 1");
        leader.answer(2, 1, 4, 1);
        assertThat(leader.confirmed).containsExactly("9 at " + (index - 1));
    }

    @Test
    void anAnswerRenewsTheLeaseFromWhenTheHeartbeatLeft() {
        TestReplica leader = leader();
        leader.tick(95 * MS);
        long sentNs = leader.nowNs;
        assertThat(leader.group.holdsLease(leader.nowNs)).isFalse();
        leader.nowNs += 30 * MS;
        leader.answer(1, 1, 3, 0);
        assertThat(leader.group.holdsLease(leader.nowNs)).isTrue();
        assertThat(leader.group.holdsLease(sentNs + 80 * MS - 1)).isTrue();
        assertThat(leader.group.holdsLease(sentNs + 80 * MS)).isFalse();
    }

    @Test
    void anAnswerOfANewerTermEndsTheLeader() {
        TestReplica leader = leader();
        leader.answer(1, 2, 3, 0);
        assertThat(leader.group.role()).isEqualTo(Role.FOLLOWER);
        assertThat(leader.group.term()).isEqualTo(2);
    }

    @Test
    void aFollowerAnswersAtOnceAndPutsItsElectionOff() {
        TestReplica follower = new TestReplica(3);
        follower.append(1, 1, 0, 0, 0, 1, 1);
        long deadline = follower.group.state().electionDeadlineNs;
        follower.nowNs += 90 * MS;
        assertThat(follower.heartbeat(1, 1, 2, 1, 8, 5)).isEmpty();
        assertThat(follower.answers()).containsExactly("to 1 term 1 request 8 read 5");
        assertThat(follower.group.state().electionDeadlineNs).isGreaterThan(deadline);
        assertThat(follower.group.commitIndex()).isEqualTo(2);
    }

    @Test
    void aHeartbeatCommitsOnlyAnEntryOfTheSameTerm() {
        long[][] cases = {
            // index, term of the leader's entry there, commit afterwards
            {2, 1, 2}, {2, 2, 0}, {9, 1, 0}, {3, 3, 3}, {0, 0, 0}
        };
        for (long[] c : cases) {
            TestReplica follower = new TestReplica(3).holding(new HardState(3, -1, 0), 1, 1, 3);
            follower.heartbeat(1, 3, c[0], c[1], 1, 0);
            assertThat(follower.group.commitIndex()).as("%d@%d", c[0], c[1]).isEqualTo(c[2]);
            assertThat(follower.answers()).as("it lives whatever its log holds").hasSize(1);
        }
    }

    @Test
    void aHeartbeatOfAnOlderTermIsToldOfTheNewerOneAndChangesNothing() {
        TestReplica follower = new TestReplica(3).holding(new HardState(5, -1, 0), 5);
        long deadline = follower.group.state().electionDeadlineNs;
        List<Sent> sent = follower.heartbeat(1, 4, 1, 5, 1, 0);
        assertThat(sent).hasSize(1).allMatch(s -> s instanceof Sent.AppendReply reply && reply.term() == 5);
        assertThat(follower.answers()).isEmpty();
        assertThat(follower.group.commitIndex()).isZero();
        assertThat(follower.group.state().electionDeadlineNs).isEqualTo(deadline);
    }

    @Test
    void aHeartbeatThatContradictsItselfIsCounted() {
        TestReplica follower = new TestReplica(3);
        follower.heartbeat(1, 0, 0, 0, 1, 0);
        follower.heartbeat(1, 1, -1, 0, 1, 0);
        assertThat(follower.group.counters().malformed()).isEqualTo(2);
        follower.heartbeat(0, 1, 0, 0, 1, 0);
        assertThat(follower.group.counters().foreign())
                .as("its own id as the source")
                .isEqualTo(1);
    }
}
