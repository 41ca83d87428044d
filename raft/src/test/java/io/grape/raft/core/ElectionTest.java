package io.grape.raft.core;

import static io.grape.raft.core.TestReplica.MS;
import static io.grape.raft.core.TestReplica.one;
import static io.grape.raft.core.TestReplica.only;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ElectionTest {
    @Test
    void aFollowerThatHearsNoLeaderAsksForPreVotesInTheNextTermWithoutRaisingItsOwn() {
        TestReplica replica = new TestReplica(3);
        List<Sent.VoteRequest> requests = only(replica.awaitElection(), Sent.VoteRequest.class);
        assertThat(requests)
                .containsExactly(
                        new Sent.VoteRequest(1, false, 1, 0, 0, true, false),
                        new Sent.VoteRequest(2, false, 1, 0, 0, true, false));
        assertThat(replica.group.role()).isEqualTo(Role.PRE_CANDIDATE);
        assertThat(replica.group.term()).isZero();
        assertThat(replica.log.stagedCount()).isZero();
    }

    @Test
    void aPreVoteMajorityRaisesTheTermAndTheRequestsWaitForTheOwnVote() {
        TestReplica replica = new TestReplica(3);
        replica.awaitElection();
        List<Sent> sent = replica.voteReply(1, 1, true, true);
        assertThat(replica.group.role()).isEqualTo(Role.CANDIDATE);
        assertThat(replica.group.votedFor()).isZero();
        assertThat(only(sent, Sent.VoteRequest.class)).hasSize(2).allMatch(Sent::onceDurable);
        assertThat(replica.log.recovered()).isEqualTo(new HardState(1, 0, 0));
    }

    @Test
    void aMajorityOfVotesMakesALeaderThatAppendsANoOpAndTellsItsPeers() {
        TestReplica replica = new TestReplica(5);
        replica.awaitElection();
        replica.voteReply(1, 1, true, true);
        replica.voteReply(2, 1, true, true);
        replica.durable();
        replica.voteReply(3, 1, true, false);
        assertThat(replica.group.role()).isEqualTo(Role.CANDIDATE);
        List<Sent> sent = replica.voteReply(4, 1, true, false);
        assertThat(replica.group.role()).isEqualTo(Role.LEADER);
        assertThat(replica.group.leaderNodeId()).isZero();
        assertThat(replica.log.entryTypeAt(1)).isZero();
        assertThat(only(sent, Sent.Append.class)).hasSize(4).allMatch(a -> a.entries() == 1 && !a.onceDurable());
    }

    @Test
    void aVoterAnswersTwiceButIsCountedOnce() {
        TestReplica replica = new TestReplica(5);
        replica.awaitElection();
        replica.voteReply(1, 1, true, true);
        replica.voteReply(1, 1, true, true);
        assertThat(replica.group.role()).isEqualTo(Role.PRE_CANDIDATE);
    }

    @Test
    void aRefusingMajorityEndsTheElection() {
        TestReplica replica = new TestReplica(3);
        replica.awaitElection();
        replica.voteReply(1, 0, false, true);
        replica.voteReply(2, 0, false, true);
        assertThat(replica.group.role()).isEqualTo(Role.FOLLOWER);
        assertThat(replica.group.roleReason()).isEqualTo(RoleReason.ELECTION_LOST);
    }

    @Test
    void aRefusalWithANewerTermTeachesThatTerm() {
        TestReplica replica = new TestReplica(3);
        replica.awaitElection();
        replica.voteReply(1, 6, false, true);
        assertThat(replica.group.term()).isEqualTo(6);
        assertThat(replica.group.role()).isEqualTo(Role.FOLLOWER);
    }

    @Test
    void aVoteIsGivenToALogAtLeastAsNewAndToNoOther() {
        long[][] cases = {
            // candidate's last index, last term, granted
            {3, 2, 1}, {4, 2, 1}, {1, 3, 1}, {2, 2, 0}, {9, 1, 0},
        };
        for (long[] c : cases) {
            TestReplica replica = new TestReplica(3).holding(new HardState(2, RaftGroup.NO_NODE, 0), 1, 1, 2);
            Sent.VoteReply reply = one(replica.voteRequest(1, 3, c[0], c[1], false, false), Sent.VoteReply.class);
            assertThat(reply.granted()).as("last=%d@%d", c[0], c[1]).isEqualTo(c[2] == 1);
            assertThat(reply.term()).isEqualTo(3);
            assertThat(reply.onceDurable()).isEqualTo(reply.granted());
        }
    }

    @Test
    void followerKeepsItsVoteAcrossARestart() {
        TestReplica replica = new TestReplica(3);
        replica.voteRequest(1, 1, 0, 0, false, false);
        replica.durable();
        replica.log.crash(0);
        replica.group = new RaftGroup(replica.config, replica.log, replica.log.recovered(), replica.nowNs);
        assertThat(one(replica.voteRequest(2, 1, 0, 0, false, false), Sent.VoteReply.class)
                        .granted())
                .isFalse();
        assertThat(one(replica.voteRequest(1, 1, 0, 0, false, false), Sent.VoteReply.class)
                        .granted())
                .isTrue();
    }

    @Test
    void aLeaderThatHearsNoQuorumForAnElectionTimeoutStepsDown() {
        TestReplica replica = new TestReplica(3).leading();
        replica.tick(60 * MS);
        replica.accepted(1, 1, 1);
        replica.tick(60 * MS);
        assertThat(replica.group.role()).isEqualTo(Role.LEADER);
        replica.tick(60 * MS);
        assertThat(replica.group.role()).isEqualTo(Role.FOLLOWER);
        assertThat(replica.group.roleReason()).isEqualTo(RoleReason.QUORUM_LOST);
        assertThat(replica.group.leaderNodeId()).isEqualTo(RaftGroup.NO_NODE);
    }

    @Test
    void timeoutsOfDifferentSeedsDiffer() {
        Set<Long> deadlines = new HashSet<>();
        for (int seed = 0; seed < 50; seed++) {
            RaftConfig config = new RaftConfig(7, 0, List.of(0, 1, 2), SimCluster.TIMING, SimCluster.LIMITS, seed, 1);
            long deadline = new RaftGroup(config, new MemoryLog(), HardState.NEW, 0).state().electionDeadlineNs;
            assertThat(deadline).isBetween(100 * MS, 200 * MS);
            deadlines.add(deadline / MS);
        }
        assertThat(deadlines).hasSizeGreaterThan(25);
    }

    @Test
    void aSingleVoterElectsItselfAndCommitsWhenItsOwnLogIsDurable() {
        TestReplica replica = new TestReplica(1);
        replica.tick(300 * MS);
        assertThat(replica.group.role()).isEqualTo(Role.LEADER);
        assertThat(replica.propose(10)).isEqualTo(RaftGroup.NOT_READY);
        assertThat(replica.group.commitIndex()).isZero();
        replica.durable();
        assertThat(replica.group.commitIndex()).isEqualTo(1);
        assertThat(replica.propose(10)).isEqualTo(2);
    }

    @Test
    void aNodeThatIsNoVoterNeverCampaigns() {
        TestReplica replica =
                new TestReplica(new RaftConfig(7, 0, List.of(1, 2), SimCluster.TIMING, SimCluster.LIMITS, 1, 1));
        for (int i = 0; i < 100; i++) {
            assertThat(replica.tick(50 * MS)).isEmpty();
        }
        assertThat(replica.group.role()).isEqualTo(Role.FOLLOWER);
    }

    @Test
    void aHardStateThatContradictsTheLogIsRefused() {
        TestReplica replica = new TestReplica(1).holding(new HardState(2, -1, 1), 1, 2);
        org.assertj.core.api.Assertions.assertThatIllegalArgumentException()
                .isThrownBy(() -> new RaftGroup(replica.config, replica.log, new HardState(2, -1, 3), 0))
                .withMessageContaining("commitIndex=3");
        org.assertj.core.api.Assertions.assertThatIllegalArgumentException()
                .isThrownBy(() -> new RaftGroup(replica.config, replica.log, new HardState(1, -1, 1), 0))
                .withMessageContaining("term=1");
    }

    @Test
    void aReplicaOfLowPriorityStandsLaterAndIsElectedAllTheSame() {
        long latestOfHighest = 0;
        long earliestOfLowest = Long.MAX_VALUE;
        for (long seed = 1; seed <= 200; seed++) {
            latestOfHighest = Math.max(latestOfHighest, standsAt(100, seed));
            earliestOfLowest = Math.min(earliestOfLowest, standsAt(0, seed));
        }
        assertThat(earliestOfLowest).isGreaterThanOrEqualTo(200 * MS);
        assertThat(latestOfHighest).isLessThanOrEqualTo(205 * MS);
        TestReplica lowest = new TestReplica(TestReplica.configOf(3, SimCluster.TIMING.withElectionPriority(0)));
        assertThat(lowest.leading().group.role()).isEqualTo(Role.LEADER);
    }

    private static long standsAt(int priority, long seed) {
        RaftTiming timing = SimCluster.TIMING.withElectionPriority(priority);
        RaftConfig config = new RaftConfig(7, 0, List.of(0, 1, 2), timing, SimCluster.LIMITS, seed, 1);
        TestReplica replica = new TestReplica(config);
        replica.awaitElection();
        return replica.nowNs;
    }
}
