package io.grape.raft.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.grape.raft.core.membership.Membership;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The behaviour that a user of a cluster sees, on a virtual network without random faults. */
class ClusterScenario {
    private static final byte[] PAYLOAD = {1, 2, 3};

    private static SimCluster started(int size) {
        SimCluster cluster = new SimCluster(size, 77);
        cluster.awaitLeader();
        return cluster;
    }

    private static List<SimReplica> followers(SimCluster cluster) {
        SimReplica leader = cluster.awaitLeader();
        return cluster.replicas.stream().filter(r -> r != leader).toList();
    }

    private static long leaders(SimCluster cluster) {
        return cluster.replicas.stream()
                .filter(r -> r.up && r.group.role() == Role.LEADER)
                .count();
    }

    /** Cuts two sides off from each other. */
    private static void split(SimCluster cluster, List<SimReplica> side) {
        for (SimReplica a : side) {
            for (SimReplica b : cluster.replicas) {
                if (!side.contains(b)) {
                    cluster.cut(a.nodeId, b.nodeId);
                    cluster.cut(b.nodeId, a.nodeId);
                }
            }
        }
    }

    @ParameterizedTest(name = "R={0}")
    @DisplayName("three-node and five-node election")
    @ValueSource(ints = {3, 5})
    void oneLeaderIsElectedAndEveryoneFollowsIt(int size) {
        SimCluster cluster = started(size);
        cluster.run(100);
        SimReplica leader = cluster.awaitLeader();
        assertThat(leaders(cluster)).isEqualTo(1);
        assertThat(cluster.replicas).allMatch(r -> r.group.leaderNodeId() == leader.nodeId);
        assertThat(cluster.replicas).allMatch(r -> r.group.term() == leader.group.term());
    }

    @Test
    @DisplayName("network partition: minority leader")
    void aLeaderInTheMinorityStepsDownAndTheMajorityElectsAnother() {
        SimCluster cluster = started(5);
        SimReplica old = cluster.awaitLeader();
        SimReplica companion = followers(cluster).getFirst();
        split(cluster, List.of(old, companion));
        long lost = cluster.propose(old, PAYLOAD);
        cluster.run(1_000);
        assertThat(old.group.role()).isNotEqualTo(Role.LEADER);
        assertThat(old.group.commitIndex()).isLessThan(lost);
        SimReplica leader = cluster.leader();
        assertThat(leader).isNotIn(old, companion);
        long kept = cluster.propose(leader, PAYLOAD);
        cluster.run(50);
        assertThat(leader.group.commitIndex()).isGreaterThanOrEqualTo(kept);
        cluster.healNetwork();
        cluster.awaitCommit(kept);
        assertThat(old.log.termAt(lost)).as("the lost entry is replaced").isNotEqualTo(1);
    }

    @Test
    @DisplayName("network partition: split in two")
    void neitherHalfOfAnEvenSplitCommits() {
        SimCluster cluster = started(4);
        SimReplica leader = cluster.awaitLeader();
        SimReplica companion = followers(cluster).getFirst();
        long before = cluster.checker.committed();
        split(cluster, List.of(leader, companion));
        cluster.propose(leader, PAYLOAD);
        cluster.run(2_000);
        assertThat(leaders(cluster)).isZero();
        assertThat(cluster.checker.committed()).isEqualTo(before);
        cluster.healNetwork();
        cluster.makeProgress();
    }

    @Test
    @DisplayName("network partition: isolated follower")
    void anIsolatedFollowerRejoinsWithoutAnElection() {
        SimCluster cluster = started(3);
        SimReplica leader = cluster.awaitLeader();
        SimReplica alone = followers(cluster).getFirst();
        long term = leader.group.term();
        cluster.isolate(alone.nodeId);
        cluster.run(2_000);
        assertThat(alone.group.role()).isNotEqualTo(Role.LEADER);
        long index = cluster.propose(leader, PAYLOAD);
        cluster.healNetwork();
        cluster.awaitCommit(index);
        assertThat(cluster.leader()).isSameAs(leader);
        assertThat(leader.group.term()).as("no election").isEqualTo(term);
        assertThat(alone.group.term()).isEqualTo(term);
    }

    @Test
    @DisplayName("network partition: two seconds, then healed")
    void aTwoSecondPartitionHealsWithTheRightOutcomeInBothHalves() {
        SimCluster cluster = started(5);
        SimReplica old = cluster.awaitLeader();
        List<SimReplica> minority = List.of(old, followers(cluster).getFirst());
        long committed = cluster.propose(old, PAYLOAD);
        cluster.awaitCommit(committed);
        split(cluster, minority);
        List<Long> lost = new ArrayList<>();
        List<Long> kept = new ArrayList<>();
        for (int ms = 0; ms < 2_000; ms++) {
            cluster.step();
            for (SimReplica replica : cluster.replicas) {
                if (ms % 50 == 0 && replica.group.role() == Role.LEADER) {
                    long index = cluster.propose(replica, PAYLOAD);
                    (minority.contains(replica) ? lost : kept).add(index);
                }
            }
        }
        assertThat(lost).isNotEmpty();
        assertThat(kept).hasSizeGreaterThan(10);
        assertThat(minority).allMatch(r -> r.group.commitIndex() < lost.getFirst());
        cluster.healNetwork();
        cluster.awaitCommit(kept.getLast());
        assertThat(leaders(cluster)).isEqualTo(1);
    }

    @Test
    @DisplayName("split brain prevention")
    void twoSidesNeverCommitAtTheSameTime() {
        SimCluster cluster = started(5);
        for (int round = 0; round < 10; round++) {
            SimReplica leader = cluster.awaitLeader();
            cluster.isolate(leader.nodeId);
            long before = leader.group.commitIndex();
            cluster.propose(leader, PAYLOAD);
            cluster.run(400);
            assertThat(leader.group.commitIndex()).isEqualTo(before);
            SimReplica other = cluster.leader();
            assertThat(other).isNotNull().isNotSameAs(leader);
            assertThat(other.group.term()).isGreaterThan(leader.group.term());
            cluster.healNetwork();
            cluster.run(100);
        }
    }

    @Test
    @DisplayName("rapid leader change")
    void leadershipMovesFiftyTimesAndNothingIsLost() {
        SimCluster cluster = started(3);
        for (int i = 0; i < 50; i++) {
            SimReplica leader = cluster.awaitLeader();
            long index = cluster.propose(leader, PAYLOAD);
            cluster.awaitCommit(index);
            int target = (leader.nodeId + 1) % 3;
            leader.batch(
                    cluster.nowNs,
                    g -> assertThat(g.transferLeadership(target, cluster.nowNs)).isTrue());
            cluster.run(20);
            assertThat(cluster.awaitLeader().nodeId).isEqualTo(target);
        }
        assertThat(cluster.awaitLeader().group.term()).isLessThanOrEqualTo(55);
        assertThat(cluster.checker.committed()).isGreaterThanOrEqualTo(100);
    }

    @Test
    @DisplayName("log conflict resolution")
    void entriesThatAnIsolatedLeaderLeftBehindAreReplaced() {
        SimCluster cluster = started(3);
        SimReplica old = cluster.awaitLeader();
        cluster.isolate(old.nodeId);
        for (int i = 0; i < 20; i++) {
            cluster.propose(old, PAYLOAD);
        }
        cluster.run(500);
        SimReplica leader = cluster.leader();
        long index = 0;
        for (int i = 0; i < 30; i++) {
            index = cluster.propose(leader, PAYLOAD);
        }
        cluster.healNetwork();
        cluster.awaitCommit(index);
        for (long i = 1; i <= index; i++) {
            assertThat(old.log.termAt(i)).isEqualTo(leader.log.termAt(i));
        }
    }

    @Test
    @DisplayName("concurrent appends")
    void proposalsOfOneBatchCommitInTheirOrder() {
        SimCluster cluster = started(3);
        SimReplica leader = cluster.awaitLeader();
        long first = cluster.propose(leader, new byte[] {0});
        for (int i = 1; i < 200; i++) {
            assertThat(cluster.propose(leader, new byte[] {(byte) i})).isEqualTo(first + i);
        }
        cluster.awaitCommit(first + 199);
        for (SimReplica replica : cluster.replicas) {
            for (int i = 0; i < 200; i++) {
                int at = i;
                assertThat(payload(replica, first + at)).containsExactly((byte) at);
            }
        }
    }

    private static byte[] payload(SimReplica replica, long index) {
        org.agrona.concurrent.UnsafeBuffer buffer =
                new org.agrona.concurrent.UnsafeBuffer(new byte[replica.log.payloadLengthAt(index)]);
        replica.log.copyPayload(index, buffer, 0);
        return buffer.byteArray();
    }

    @Test
    @DisplayName("follower, leader and multiple failures")
    void aMajorityGoesOnThroughCrashesAndTheDeadCatchUp() {
        SimCluster cluster = started(5);
        SimReplica follower = followers(cluster).getFirst();
        cluster.crash(follower.nodeId);
        long index = cluster.proposeUntilTaken();
        SimReplica leader = cluster.awaitLeader();
        cluster.run(100);
        assertThat(leader.group.commitIndex()).isGreaterThanOrEqualTo(index);
        cluster.crash(leader.nodeId);
        SimReplica second = cluster.awaitLeader();
        assertThat(second).isNotSameAs(leader);
        SimReplica third = cluster.replicas.stream()
                .filter(r -> r.up && r != second)
                .findFirst()
                .orElseThrow();
        cluster.crash(third.nodeId);
        long before = cluster.checker.committed();
        cluster.propose(second, PAYLOAD);
        cluster.run(500);
        assertThat(cluster.checker.committed()).as("two of five").isEqualTo(before);
        assertThat(leaders(cluster)).isZero();
        cluster.heal();
        cluster.makeProgress();
    }

    @Test
    @DisplayName("replication throughput")
    void appendsAreBatchedRatherThanSentOneByOne() {
        SimCluster cluster = started(3);
        SimReplica leader = cluster.awaitLeader();
        long packetsBefore = cluster.packetsSent();
        long index = 0;
        for (int i = 0; i < 200; i++) {
            for (int j = 0; j < 5; j++) {
                index = cluster.propose(leader, PAYLOAD);
            }
            cluster.step();
        }
        cluster.awaitCommit(index);
        long packets = cluster.packetsSent() - packetsBefore;
        assertThat(index).isGreaterThan(1_000);
        assertThat(packets).as("messages for 1,000 proposals on two followers").isLessThan(4_500);
    }

    @Test
    @DisplayName("long run: a day without a fault")
    void aLeaderStaysForASimulatedDay() {
        RaftTiming slow = new RaftTiming(100_000 * SimCluster.MS, 20_000 * SimCluster.MS, 10_000 * SimCluster.MS, 4);
        // Steps of a second instead of a millisecond: a day is 86,400 of them.
        SimCluster cluster = new SimCluster(3, 3, slow, 5, RaftRules.PAPER);
        cluster.stepNs(1_000 * SimCluster.MS);
        SimReplica leader = cluster.awaitLeader();
        long term = leader.group.term();
        for (int i = 0; i < 86_400; i++) {
            cluster.step();
            if (i % 100 == 0) {
                cluster.propose(leader, PAYLOAD);
            }
        }
        assertThat(cluster.leader()).isSameAs(leader);
        assertThat(leader.group.term()).isEqualTo(term);
        assertThat(leader.group.counters().elections()).isEqualTo(1);
        assertThat(leader.group.commitIndex()).isGreaterThan(860);
    }

    @Test
    void aGroupGrowsFromOneNodeToThreeAndMovesAwayFromTheFirst() {
        SimCluster cluster = new SimCluster(4, 1, SimCluster.TIMING, 3, RaftRules.PAPER);
        cluster.awaitLeader();
        change(cluster, Membership.of(List.of(0), List.of(1, 2)));
        change(cluster, Membership.of(List.of(0, 1, 2), List.of(3)));
        change(cluster, Membership.ofVoters(List.of(1, 2, 3)));
        SimReplica leader = cluster.awaitLeader();
        assertThat(leader.nodeId).isNotZero();
        cluster.crash(0);
        cluster.run(200);
        long index = cluster.proposeUntilTaken();
        cluster.awaitCommit(index);
    }

    @Test
    void membersAreAddedReplacedAndRemovedInOneChange() {
        SimCluster cluster = new SimCluster(5, 3, SimCluster.TIMING, 11, RaftRules.PAPER);
        cluster.awaitLeader();
        change(cluster, Membership.of(List.of(0, 1, 2), List.of(3, 4)));
        Membership target = Membership.of(List.of(1, 3, 4), List.of(2));
        change(cluster, target);

        SimReplica leader = cluster.awaitLeader();
        assertThat(leader.group.membership()).isEqualTo(target);
        cluster.crash(0);
        cluster.crash(2);
        long index = cluster.proposeUntilTaken();
        cluster.runWithLoad(300);
        assertThat(cluster.checker.committed())
                .as("neither who left nor who learns is needed")
                .isGreaterThan(index);
    }

    private static void change(SimCluster cluster, Membership target) {
        cluster.changeTo(target);
    }

    @Test
    void aFollowerWhoseEntriesAreGoneGetsTheSnapshotAndThenTheRest() {
        SimCluster cluster = started(3);
        SimReplica behind = followers(cluster).getFirst();
        cluster.isolate(behind.nodeId);
        SimReplica leader = cluster.awaitLeader();
        long index = 0;
        for (int i = 0; i < 300; i++) {
            index = cluster.propose(leader, PAYLOAD);
            cluster.step();
        }
        cluster.run(50);
        cluster.snapshot(leader);
        assertThat(leader.log.firstIndex()).isGreaterThan(behind.log.lastIndex());
        cluster.healNetwork();
        cluster.awaitCommit(index);
        assertThat(behind.group.counters().snapshotsInstalled()).isEqualTo(1);
        assertThat(behind.snapshots.chunksWritten).as("chunks of 4 KiB").isGreaterThan(3);
    }

    @Test
    void aWipedNodeIsNotHeardInItsOldName() {
        SimCluster cluster = started(3);
        SimReplica leader = cluster.awaitLeader();
        SimReplica wiped = followers(cluster).getFirst();
        SimReplica other = followers(cluster).getLast();
        cluster.awaitCommit(cluster.propose(leader, PAYLOAD));
        cluster.crash(wiped.nodeId);
        wiped.restartWiped(cluster.nowNs);
        cluster.isolate(other.nodeId);
        long before = cluster.checker.committed();
        cluster.propose(leader, PAYLOAD);
        cluster.run(1_000);
        assertThat(cluster.checker.committed())
                .as("an empty disk under an old name is no second copy")
                .isEqualTo(before);
        assertThat(leader.group.counters().oldIncarnations()).isPositive();
    }
}
