package io.grape.raft.core;

import static io.grape.raft.core.TestReplica.MS;
import static io.grape.raft.core.TestReplica.one;
import static io.grape.raft.core.TestReplica.only;
import static io.grape.raft.core.TestReplica.to;
import static org.assertj.core.api.Assertions.assertThat;

import io.grape.codecs.sbe.AppendOutcome;
import io.grape.codecs.sbe.LifeVerdict;
import io.grape.raft.core.lives.Incarnation;
import io.grape.raft.core.membership.Membership;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Rows 28 and 31: lost, wiped and rolled-back disks. Node 0 runs on disk 100; the peers' disks are 101 and 102. */
class LivesPitfallsTest extends PitfallTests {
    private static final long DISK = 100;
    private static final long LIFE = Incarnation.of(1, 5);

    private TestReplica onNewDisk(int size) {
        return new TestReplica(configOf(size, Formation.ALL_MEMBERS), rules);
    }

    private static RaftConfig configOf(int size, Formation formation) {
        return new RaftConfig(
                TestReplica.GROUP,
                0,
                IntStream.range(0, size).boxed().toList(),
                SimCluster.TIMING,
                SimCluster.LIMITS,
                42,
                new NodeLife(DISK, LIFE, formation, false));
    }

    /** A replica that has heard its peers, each on its own disk. */
    private TestReplica formed(int size) {
        TestReplica replica = onNewDisk(size);
        for (int peer = 1; peer < size; peer++) {
            confirm(replica, peer);
        }
        replica.tick(MS);
        replica.durable();
        return replica;
    }

    private static List<Sent> confirm(TestReplica replica, int peer) {
        as(replica, peer);
        return replica.introduction(peer, LifeVerdict.KNOWN, DISK, LIFE);
    }

    /** From here on messages come from this peer's own disk. */
    private static void as(TestReplica replica, int peer) {
        replica.diskId = DISK + peer;
        replica.incarnation = Incarnation.of(1, peer);
    }

    /** A leader of three whose members are bound to disks 100, 101 and 102, all of it committed. */
    private TestReplica boundLeader() {
        TestReplica leader = formed(3);
        leader.awaitElection();
        answerAll(leader, true);
        leader.durable();
        answerAll(leader, false);
        leader.durable();
        assertThat(leader.group.role()).isEqualTo(Role.LEADER);
        acceptedByAll(leader, 1);
        assertThat(leader.group.lastIndex()).as("the disks are bound").isEqualTo(2);
        leader.durable();
        acceptedByAll(leader, 2);
        assertThat(leader.group.commitIndex()).isEqualTo(2);
        return leader;
    }

    private static void answerAll(TestReplica leader, boolean preVote) {
        long term = preVote ? leader.group.term() + 1 : leader.group.term();
        for (int peer = 1; peer < 3; peer++) {
            as(leader, peer);
            leader.voteReply(peer, term, true, preVote);
        }
    }

    private static void acceptedByAll(TestReplica leader, long index) {
        for (int peer = 1; peer < 3; peer++) {
            as(leader, peer);
            leader.accepted(peer, index, leader.group.state().peers.find(peer).lastRequestId());
        }
    }

    @Test
    void pitfall31ANewDiskNeitherVotesNorStands() {
        TestReplica replica = onNewDisk(3);
        as(replica, 1);
        replica.introduction(1, LifeVerdict.ASKED, 0, 0);
        replica.durable();
        assertThat(only(replica.voteRequest(1, 1, 0, 0, true, false), Sent.VoteReply.class))
                .isEmpty();
        assertThat(only(replica.voteRequest(1, 1, 0, 0, false, false), Sent.VoteReply.class))
                .isEmpty();
        assertThat(replica.group.term()).isZero();
        assertThat(replica.group.counters().votesWithheld()).isEqualTo(2);
        for (int i = 0; i < 100; i++) {
            replica.tick(10 * MS);
        }
        assertThat(replica.group.role()).isEqualTo(Role.FOLLOWER);
    }

    @Test
    void pitfall31AClusterFormsOnceEveryFirstMemberSaysThatItKnowsNoOtherDisk() {
        TestReplica replica = onNewDisk(3);
        assertThat(only(replica.tick(0), Sent.Introduction.class)).hasSize(2);
        confirm(replica, 1);
        replica.tick(MS);
        assertThat(replica.group.isJoined()).as("a majority is not enough").isFalse();
        confirm(replica, 2);
        replica.tick(MS);
        assertThat(replica.group.isJoined()).isTrue();
        replica.durable();
        replica.restart();
        assertThat(replica.group.isJoined()).as("it stays so over restarts").isTrue();
    }

    @Test
    void pitfall31AConfirmationByADiskThatWasWipedSinceDoesNotCount() {
        TestReplica replica = onNewDisk(3);
        confirm(replica, 1);
        replica.diskId = 201;
        replica.introduction(1, LifeVerdict.ASKED, 0, 0);
        confirm(replica, 2);
        replica.tick(MS);
        assertThat(replica.group.isJoined()).isFalse();
    }

    @Test
    void pitfall31AWipedNodeIsToldAndDoesNotForm() {
        TestReplica wiped = onNewDisk(3);
        confirm(wiped, 1);
        as(wiped, 2);
        wiped.introduction(2, LifeVerdict.OTHER_DISK, DISK, LIFE);
        confirm(wiped, 2);
        wiped.tick(MS);
        assertThat(wiped.group.isJoined()).isFalse();
    }

    @Test
    void pitfall31ASingleMemberFormsAtOnceAndAWaitingOneCanBeOverridden() {
        TestReplica alone = onNewDisk(1);
        alone.tick(0);
        assertThat(alone.group.isJoined()).isTrue();
        TestReplica replica = new TestReplica(configOf(3, Formation.WITHOUT_ABSENT), rules);
        confirm(replica, 1);
        replica.tick(MS);
        assertThat(replica.group.isJoined())
                .as("the absent one gets an election timeout")
                .isFalse();
        replica.tick(100 * MS);
        assertThat(replica.group.isJoined()).isTrue();
    }

    @Test
    void pitfall31ALifeIsHeardOnlyOnceItIsRememberedDurably() {
        TestReplica replica = formed(3);
        as(replica, 1);
        replica.incarnation = Incarnation.of(2, 9);
        assertThat(replica.append(1, 1, 0, 0, 0))
                .as("the first message is repeated")
                .isEmpty();
        replica.durable();
        assertThat(only(replica.append(1, 1, 0, 0, 0), Sent.AppendReply.class)).hasSize(1);
        replica.restart();
        as(replica, 1);
        assertThat(replica.append(1, 1, 0, 0, 0))
                .as("an earlier life, after our restart")
                .isEmpty();
        assertThat(replica.group.counters().oldIncarnations()).isEqualTo(1);
    }

    @Test
    void pitfall31TheAnswerToAnIntroductionWaitsUntilTheLifeIsRememberedDurably() {
        TestReplica replica = formed(3);
        as(replica, 1);
        replica.incarnation = Incarnation.of(2, 9);
        Sent.Introduction answer = one(replica.introduction(1, LifeVerdict.ASKED, 0, 0), Sent.Introduction.class);
        assertThat(answer).isEqualTo(new Sent.Introduction(1, true, LifeVerdict.KNOWN, DISK + 1, replica.incarnation));
    }

    @Test
    void pitfall31AnOldCopyThatCountsTheSameStartIsRefused() {
        TestReplica replica = formed(3);
        as(replica, 1);
        replica.incarnation = Incarnation.of(1, 77);
        assertThat(replica.append(1, 1, 0, 0, 0)).isEmpty();
        Sent.Introduction answer = one(replica.introduction(1, LifeVerdict.ASKED, 0, 0), Sent.Introduction.class);
        assertThat(answer.verdict()).isEqualTo(LifeVerdict.LATER_LIFE);
    }

    @Test
    void pitfall31AnotherDiskOfTheSameNameIsRefusedAlsoAfterARestart() {
        TestReplica replica = formed(3);
        replica.restart();
        replica.diskId = 201;
        replica.incarnation = Incarnation.of(9, 9);
        replica.awaitElection();
        replica.voteReply(1, 1, true, true);
        assertThat(replica.group.role()).as("its promise does not count").isEqualTo(Role.PRE_CANDIDATE);
        replica.tick(300 * MS);
        assertThat(replica.voteRequest(1, 1, 0, 0, false, false)).isEmpty();
        assertThat(replica.group.counters().otherDisks()).isEqualTo(2);
        Sent.Introduction answer = one(replica.introduction(1, LifeVerdict.ASKED, 0, 0), Sent.Introduction.class);
        assertThat(answer.verdict()).isEqualTo(LifeVerdict.OTHER_DISK);
    }

    @Test
    void pitfall31AVoteIsForADiskNotForAName() {
        TestReplica replica = formed(3);
        as(replica, 1);
        assertThat(one(replica.voteRequest(1, 1, 5, 1, false, false), Sent.VoteReply.class)
                        .granted())
                .isTrue();
        replica.diskId = 201;
        assertThat(one(replica.voteRequest(1, 1, 9, 1, false, false), Sent.VoteReply.class)
                        .granted())
                .as("asked in the same name and term")
                .isFalse();
    }

    @Test
    void pitfall31AReplicaThatLagsFollowsALeaderThatWasReplacedMeanwhile() {
        TestReplica behind = formed(3);
        behind.diskId = 201;
        behind.incarnation = Incarnation.of(1, 9);
        assertThat(only(behind.append(1, 4, 0, 0, 0, 1), Sent.AppendReply.class))
                .hasSize(1);
        assertThat(one(behind.voteRequest(1, 5, 9, 4, false, true), Sent.VoteReply.class)
                        .granted())
                .as("its log is newer, and so may be its configuration")
                .isTrue();
    }

    @Test
    void pitfall31TheLogBindsMembersToTheirDisks() {
        TestReplica leader = boundLeader();
        Membership membership = leader.group.membership();
        assertThat(membership.isBound()).isTrue();
        assertThat(membership.diskId(0)).isEqualTo(DISK);
        assertThat(membership.diskId(2)).isEqualTo(DISK + 2);
        leader.diskId = 201;
        leader.accepted(1, 3, 1);
        assertThat(leader.group.counters().otherDisks()).isEqualTo(1);
    }

    @Test
    void pitfall31AReplicaThatTheLogBindsToAnotherDiskDoesNotVote() {
        TestReplica wiped = onNewDisk(3);
        as(wiped, 1);
        wiped.introduction(1, LifeVerdict.ASKED, 0, 0);
        wiped.durable();
        Membership bound = Membership.ofVoters(List.of(0, 1, 2)).withDisk(0, 999);
        wiped.appendConfiguration(1, 1, 0, 0, bound);
        assertThat(wiped.group.isJoined()).isFalse();
        TestReplica added = onNewDisk(3);
        as(added, 1);
        added.introduction(1, LifeVerdict.ASKED, 0, 0);
        added.durable();
        added.appendConfiguration(1, 1, 0, 0, bound.withDisk(0, DISK));
        assertThat(added.group.isJoined()).as("taken in through the log").isTrue();
    }

    @Test
    void pitfall31ARemovedMemberMayComeBackAsAnotherDisk() {
        TestReplica leader = boundLeader();
        assertThat(leader.group.changeMembership(Membership.ofVoters(List.of(0, 1)), leader.nowNs))
                .isEqualTo(3);
        leader.durable();
        as(leader, 1);
        leader.accepted(1, 3, leader.group.state().peers.find(1).lastRequestId());
        leader.durable();
        leader.accepted(1, 4, leader.group.state().peers.find(1).lastRequestId());
        assertThat(leader.group.membership()).isEqualTo(Membership.ofVoters(List.of(0, 1)));
        leader.group.changeMembership(Membership.of(List.of(0, 1), List.of(2)), leader.nowNs);
        leader.durable();
        as(leader, 1);
        leader.accepted(1, 5, leader.group.state().peers.find(1).lastRequestId());
        leader.diskId = 202;
        leader.incarnation = Incarnation.of(1, 3);
        leader.introduction(2, LifeVerdict.ASKED, 0, 0);
        leader.durable();
        leader.accepted(2, 5, leader.group.state().peers.find(2).lastRequestId());
        assertThat(leader.group.membership().diskId(2)).isEqualTo(202);
    }

    @Test
    void pitfall31ANewLifeThatLacksWhatTheEarlierOneAcknowledgedIsExcludedAndTold() {
        TestReplica leader = boundLeader();
        as(leader, 1);
        leader.incarnation = Incarnation.of(2, 9);
        leader.introduction(1, LifeVerdict.ASKED, 0, 0);
        leader.durable();
        List<Sent> answer = leader.reply(1, leader.group.term(), AppendOutcome.STALE_TERM, 0, 0, 0, -1, 0);
        long probe = to(answer, 1, Sent.Append.class).requestId();
        List<Sent> sent = leader.conflict(1, probe, -1, 1);
        assertThat(one(sent, Sent.Introduction.class).verdict()).isEqualTo(LifeVerdict.LOST_ACKNOWLEDGED);
        leader.durable();
        leader.propose(8);
        leader.durable();
        leader.accepted(1, 3, leader.group.state().peers.find(1).lastRequestId());
        assertThat(leader.group.commitIndex()).as("it counts no more").isEqualTo(2);
    }

    @Test
    void pitfall31AReplicaThatIsToldThatItIsAnOldCopyNeverVotesAgain() {
        TestReplica copy = formed(3);
        as(copy, 1);
        copy.introduction(1, LifeVerdict.LATER_LIFE, DISK, LIFE);
        copy.durable();
        assertThat(copy.voteRequest(1, 1, 0, 0, false, false)).isEmpty();
        copy.restart();
        assertThat(copy.group.isJoined()).isFalse();
    }

    @Test
    void pitfall28AReplicaUnderRepairNeitherVotesNorStandsUntilAllThatItMayHaveAcknowledgedIsBack() {
        TestReplica replica = replica(3).holding(new HardState(2, -1, 1), 1, 1, 2, 2);
        replica.log.damage(3);
        replica.restart();
        assertThat(replica.log.isUnderRepair()).isTrue();
        replica.nowNs += 500 * MS;
        assertThat(replica.voteRequest(1, 3, 9, 2, true, false)).isEmpty();
        assertThat(replica.voteRequest(1, 3, 9, 2, false, false)).isEmpty();
        for (int i = 0; i < 100; i++) {
            replica.tick(10 * MS);
        }
        assertThat(replica.group.role()).isEqualTo(Role.FOLLOWER);
        assertThat(replica.timeoutNow(1, 2)).isEmpty();
        replica.append(1, 3, 2, 1, 3, 2);
        assertThat(replica.group.commitIndex()).isEqualTo(3);
        assertThat(replica.log.isUnderRepair()).as("one more was there").isTrue();
        Sent.AppendReply reply = one(replica.append(1, 3, 3, 2, 4, 2), Sent.AppendReply.class);
        assertThat(reply.matchIndex()).isEqualTo(4);
        assertThat(replica.log.isUnderRepair()).isFalse();
        replica.durable();
        replica.nowNs += 500 * MS;
        assertThat(one(replica.voteRequest(1, 4, 9, 3, false, false), Sent.VoteReply.class)
                        .granted())
                .isTrue();
    }

    @Test
    void pitfall28AReplicaUnderRepairSaysSoAndIsNotTakenForAnOldCopy() {
        TestReplica leader = boundLeader();
        as(leader, 1);
        leader.incarnation = Incarnation.of(2, 9);
        leader.introduction(1, LifeVerdict.ASKED, 0, 0);
        leader.durable();
        List<Sent> answer = leader.reply(1, leader.group.term(), AppendOutcome.STALE_TERM, 0, 0, 0, -1, 0);
        long probe = to(answer, 1, Sent.Append.class).requestId();
        leader.lossKnown = 1;
        List<Sent> sent = leader.conflict(1, probe, -1, 1);
        assertThat(to(sent, 1, Sent.Append.class).prevLogIndex())
                .as("repaired from the start")
                .isZero();
        TestReplica damaged = replica(3).holding(new HardState(2, -1, 0), 1, 1);
        damaged.log.damage(1);
        damaged.restart();
        assertThat(one(damaged.append(1, 2, 2, 1, 0), Sent.AppendReply.class).lossKnown())
                .isEqualTo(1);
    }
}
