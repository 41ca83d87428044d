package io.grape.raft.core;

import static io.grape.raft.core.TestReplica.MS;
import static org.assertj.core.api.Assertions.assertThat;

import io.grape.codecs.sbe.BeatState;
import io.grape.raft.core.membership.Membership;
import java.util.List;
import java.util.function.Consumer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class HibernationTest {
    private static Arguments wakes(String what, Consumer<TestReplica> event) {
        return Arguments.of(what, event, false);
    }

    private static Arguments rests(String what, Consumer<TestReplica> event) {
        return Arguments.of(what, event, true);
    }

    static List<Arguments> whatHappensToALeader() {
        return List.of(
                wakes("a proposal", leader -> assertThat(leader.propose(1)).isPositive()),
                wakes("a linearizable read", leader -> leader.group.readIndex(1, leader.nowNs, leader.out)),
                wakes("a transfer", leader -> leader.group.transferLeadership(1, leader.nowNs)),
                wakes(
                        "a change of members",
                        leader -> leader.group.changeMembership(
                                Membership.of(List.of(0, 1, 2), List.of(3)), leader.nowNs)),
                wakes(
                        "a pre-vote of a follower that missed something",
                        leader -> leader.voteRequest(2, 2, 1, 1, true, false)),
                wakes("a repeated answer to an append", leader -> leader.accepted(1, 1, 1)),
                wakes("a follower that woke", leader -> leader.answer(1, 1, 0, 0, BeatState.WOKEN)),
                wakes("a leader of a newer term", leader -> leader.heartbeat(1, 2, 1, 1, 1, 0)),
                wakes("an answer of a newer term", leader -> leader.answer(1, 2, 3, 0)),
                wakes(
                        "the loss of a follower's node",
                        leader -> assertThat(leader.group.onNodeGone(2, leader.nowNs))
                                .isTrue()),
                rests(
                        "a follower that says again that it rests",
                        leader -> leader.answer(1, 1, 4, 0, BeatState.HIBERNATING)),
                rests(
                        "the loss of a node that is no member",
                        leader -> assertThat(leader.group.onNodeGone(9, leader.nowNs))
                                .isFalse()),
                rests("a read by the lease that it has no more", leader -> {
                    leader.nowNs += 100 * MS;
                    assertThat(leader.group.leaseReadIndex(leader.nowNs)).isEqualTo(RaftGroup.NO_LEASE);
                }),
                rests("ten minutes", leader -> leader.tick(600_000 * MS)));
    }

    @ParameterizedTest(name = "{0}: rests={2}")
    @MethodSource("whatHappensToALeader")
    void aRestingLeader(String what, Consumer<TestReplica> event, boolean restsOn) {
        TestReplica leader = Resting.leader(RaftRules.PAPER);
        assertThat(leader.group.nextDueNs()).isEqualTo(Long.MAX_VALUE);
        event.accept(leader);
        assertThat(leader.group.isHibernating()).isEqualTo(restsOn);
        if (!restsOn && leader.group.role() == Role.LEADER) {
            assertThat(leader.group.nextDueNs()).isLessThan(Long.MAX_VALUE);
            List<Sent> sent = leader.end();
            assertThat(sent.size() + leader.beats().size())
                    .as("it speaks to its peers at once")
                    .isPositive();
        }
    }

    static List<Arguments> whatHappensToAFollower() {
        return List.of(
                wakes("an entry", follower -> follower.append(1, 1, 1, 1, 1, 1)),
                wakes("a heartbeat of a leader that is awake", follower -> follower.heartbeat(1, 1, 1, 1, 8, 0)),
                wakes("a heartbeat of a newer leader", follower -> follower.heartbeat(2, 2, 1, 1, 1, 0)),
                wakes(
                        "a pre-vote",
                        follower -> assertThat(follower.voteRequest(2, 2, 1, 1, true, false))
                                .as("which is refused: the leader's node lives")
                                .isEmpty()),
                wakes(
                        "a vote",
                        follower -> assertThat(follower.voteRequest(2, 2, 1, 1, false, false))
                                .isEmpty()),
                wakes("the leader's wish that it stands", follower -> follower.timeoutNow(1, 1)),
                wakes(
                        "the loss of the leader's node",
                        follower -> assertThat(follower.group.onNodeGone(1, follower.nowNs))
                                .isTrue()),
                rests(
                        "the loss of another follower's node",
                        follower -> assertThat(follower.group.onNodeGone(2, follower.nowNs))
                                .isFalse()),
                rests(
                        "the leader's word that it rests",
                        follower -> follower.heartbeat(1, 1, 1, 1, 8, 0, BeatState.HIBERNATING)),
                rests(
                        "a proposal that it cannot take",
                        follower -> assertThat(follower.propose(1)).isEqualTo(RaftGroup.NOT_LEADER)),
                rests(
                        "ten minutes",
                        follower -> assertThat(follower.tick(600_000 * MS)).isEmpty()));
    }

    @ParameterizedTest(name = "{0}: rests={2}")
    @MethodSource("whatHappensToAFollower")
    void aRestingFollower(String what, Consumer<TestReplica> event, boolean restsOn) {
        TestReplica follower = Resting.follower(RaftRules.PAPER);
        assertThat(follower.group.nextDueNs()).isEqualTo(Long.MAX_VALUE);
        event.accept(follower);
        assertThat(follower.group.isHibernating()).isEqualTo(restsOn);
        if (!restsOn) {
            assertThat(follower.group.nextDueNs()).as("its timer runs").isLessThan(follower.nowNs + 300 * MS);
        }
    }

    @Test
    void aFollowerThatAMessageWokeAsksToHearItsLeader() {
        TestReplica follower = Resting.follower(RaftRules.PAPER);
        follower.answers();
        follower.voteRequest(2, 2, 1, 1, true, false);
        assertThat(follower.answers()).containsExactly("to 1 term 1 request 0 read 0 WOKEN");
        follower = Resting.follower(RaftRules.PAPER);
        follower.answers();
        follower.append(1, 1, 1, 1, 1, 1);
        assertThat(follower.answers()).as("the leader itself woke it").isEmpty();
    }

    @Test
    void aFollowerRestsOnlyIfItsLogIsTheLeadersAndCommitted() {
        long[][] cases = {
            // entries here, index, term there, rests
            {1, 1, 1, 1}, {2, 1, 1, 0}, {1, 2, 1, 0}, {1, 1, 2, 0}, {0, 0, 0, 1}
        };
        for (long[] c : cases) {
            TestReplica follower = new TestReplica(3);
            for (long index = 1; index <= c[0]; index++) {
                follower.append(1, 2, index - 1, index == 1 ? 0 : 1, 0, 1);
            }
            follower.durable();
            follower.heartbeat(1, 2, c[1], c[2], 5, 0, BeatState.HIBERNATING);
            assertThat(follower.group.isHibernating())
                    .as("%d entries, asked to rest at %d@%d", c[0], c[1], c[2])
                    .isEqualTo(c[3] == 1);
            assertThat(follower.answers().getFirst().endsWith("HIBERNATING")).isEqualTo(c[3] == 1);
        }
    }

    @Test
    void aFollowerDoesNotRestOnEntriesThatItsDiskDoesNotHold() {
        TestReplica follower = new TestReplica(3);
        follower.append(1, 1, 0, 0, 0, 1);
        follower.heartbeat(1, 1, 1, 1, 5, 0, BeatState.HIBERNATING);
        assertThat(follower.group.isHibernating()).isFalse();
        follower.durable();
        follower.heartbeat(1, 1, 1, 1, 6, 0, BeatState.HIBERNATING);
        assertThat(follower.group.isHibernating()).isTrue();
    }

    @Test
    void aLeaderRestsOnlyWhenEveryPeerDoes() {
        TestReplica leader = Resting.awakeLeader(RaftRules.PAPER);
        Resting.quietTicks(leader, 3);
        Resting.answerAll(leader, 1, BeatState.HIBERNATING);
        Resting.answerAll(leader, 2, BeatState.AWAKE);
        assertThat(leader.group.isHibernating()).isFalse();
        Resting.answerAll(leader, 2, BeatState.HIBERNATING);
        assertThat(leader.group.isHibernating()).isTrue();
        leader.beats();
        assertThat(leader.tick(50 * MS)).isEmpty();
        assertThat(leader.beats()).isEmpty();
    }

    @Test
    void anAnswerToAnEarlierWishDoesNotMakeALeaderRest() {
        TestReplica leader = Resting.awakeLeader(RaftRules.PAPER);
        Resting.quietTicks(leader, 3);
        long old = leader.group.state().peers.find(1).lastRequestId();
        assertThat(leader.beats().getLast()).endsWith("HIBERNATING");
        long index = leader.propose(1);
        leader.end();
        leader.durable();
        leader.accepted(1, index, old + 1);
        leader.accepted(2, index, old + 1);
        leader.answer(1, 1, old, 0, BeatState.HIBERNATING);
        leader.answer(2, 1, old, 0, BeatState.HIBERNATING);
        assertThat(leader.group.isHibernating()).isFalse();
        Resting.quietTicks(leader, 3);
        leader.answer(1, 1, old, 0, BeatState.HIBERNATING);
        leader.answer(2, 1, old, 0, BeatState.HIBERNATING);
        assertThat(leader.group.isHibernating())
                .as("nobody answered the new wish")
                .isFalse();
    }

    @Test
    void aLeaderDoesNotAskWhileThereIsWork() {
        TestReplica leader = Resting.awakeLeader(RaftRules.PAPER);
        Resting.quietTicks(leader, 1);
        assertThat(leader.beats()).isNotEmpty().noneMatch(beat -> beat.endsWith("HIBERNATING"));
        leader.propose(1);
        leader.end();
        Resting.quietTicks(leader, 3);
        assertThat(leader.beats()).as("an entry is not committed").noneMatch(beat -> beat.endsWith("HIBERNATING"));
    }

    @Test
    void withoutTheSettingNobodyRests() {
        TestReplica leader =
                new TestReplica(TestReplica.configOf(3, SimCluster.LEASES), RaftRules.PAPER, true).leading();
        leader.accepted(1, 1, 1);
        leader.accepted(2, 1, 1);
        for (int i = 0; i < 100; i++) {
            leader.tick(10 * MS);
            Resting.answerAll(leader, 1, BeatState.AWAKE);
        }
        assertThat(leader.beats()).isNotEmpty().noneMatch(beat -> beat.endsWith("HIBERNATING"));
    }

    @Test
    void theElectionsOfManyGroupsAreSpreadAfterTheLossOfANode() {
        int[] standing = new int[8];
        for (int group = 0; group < 400; group++) {
            TestReplica follower = Resting.follower(RaftRules.PAPER, group);
            follower.group.onNodeGone(1, follower.nowNs);
            long waitNs = follower.group.nextDueNs() - follower.nowNs;
            assertThat(waitNs).isBetween(20 * MS, 120 * MS);
            standing[(int) ((waitNs - 20 * MS) * 8 / (100 * MS + 1))]++;
        }
        for (int share : standing) {
            assertThat(share).as("of 400 in an eighth of the election timeout").isBetween(25, 80);
        }
    }

    @Test
    void aWokenLeaderThatHearsNobodyStepsDown() {
        TestReplica leader = Resting.leader(RaftRules.PAPER);
        leader.nowNs += 3_000 * MS;
        leader.group.onNodeGone(1, leader.nowNs);
        leader.group.onNodeGone(2, leader.nowNs);
        leader.end();
        for (int i = 0; i < 11; i++) {
            assertThat(leader.group.leaseReadIndex(leader.nowNs)).isEqualTo(RaftGroup.NO_LEASE);
            leader.tick(10 * MS);
        }
        assertThat(leader.group.role()).isEqualTo(Role.FOLLOWER);
        assertThat(leader.group.roleReason()).isEqualTo(RoleReason.QUORUM_LOST);
    }

    @Test
    void aLeaderThatRestedForLongGivesItsPeersTimeToAnswer() {
        TestReplica leader = Resting.leader(RaftRules.PAPER);
        leader.nowNs += 60_000 * MS;
        leader.propose(1);
        leader.end();
        leader.tick(99 * MS);
        assertThat(leader.group.role()).isEqualTo(Role.LEADER);
        leader.tick(2 * MS);
        assertThat(leader.group.roleReason()).as("nobody answered").isEqualTo(RoleReason.QUORUM_LOST);
    }

    @Test
    void aReadOfARestingLeaderWaitsForAQuorum() {
        TestReplica leader = Resting.leader(RaftRules.PAPER);
        leader.group.readIndex(5, leader.nowNs, leader.out);
        leader.end();
        assertThat(leader.confirmed).isEmpty();
        String beat = leader.beats().getFirst();
        assertThat(beat).contains("read 1");
        leader.answer(1, 1, leader.group.state().peers.find(1).lastRequestId(), 1);
        assertThat(leader.confirmed).containsExactly("5 at 1");
    }

    @Test
    void aPayloadIsStillTakenAfterAWake() {
        TestReplica leader = Resting.leader(RaftRules.PAPER);
        long index = leader.group.propose((short) 1, new UnsafeBuffer(new byte[3]), 0, 3, leader.nowNs, leader.out);
        assertThat(index).isEqualTo(2);
        assertThat(leader.end())
                .hasSize(2)
                .allMatch(sent -> sent instanceof Sent.Append append && append.entries() == 1);
    }
}
