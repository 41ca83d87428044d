package io.grape.raft.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.grape.raft.core.membership.Membership;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Disks that are told apart: how a cluster forms, and what becomes of a node that was wiped or put back. */
class LivesScenario {
    private static final byte[] PAYLOAD = {1, 2, 3};
    private static final int SEEDS = Integer.getInteger("grape.raft.seeds", 100);

    private static SimCluster started(int size) {
        SimCluster cluster = SimCluster.ofDisks(size, size, 77, RaftRules.PAPER);
        cluster.awaitLeader();
        cluster.run(50);
        return cluster;
    }

    private static List<SimReplica> followers(SimCluster cluster) {
        SimReplica leader = cluster.awaitLeader();
        return cluster.replicas.stream().filter(r -> r != leader).toList();
    }

    @Test
    void aNewClusterFormsWithinARoundTripOrTwoAndBindsItsDisks() {
        SimCluster cluster = SimCluster.ofDisks(3, 3, 5, RaftRules.PAPER);
        for (int ms = 0; ms < 20; ms++) {
            cluster.step();
        }
        assertThat(cluster.replicas).allMatch(r -> r.group.isJoined());
        SimReplica leader = cluster.awaitLeader();
        assertThat(cluster.nowNs).as("one election timeout, as ever").isLessThan(300 * SimCluster.MS);
        cluster.run(20);
        assertThat(leader.group.membership().isBound()).isTrue();
        assertThat(leader.group.lastIndex()).as("no-op and one configuration").isEqualTo(2);
    }

    @Test
    void aMajorityDoesNotFormWithoutTheThirdAndTheThirdFindsAFormedCluster() {
        SimCluster cluster = SimCluster.ofDisks(3, 3, 5, RaftRules.PAPER);
        cluster.isolate(2);
        cluster.run(1_000);
        assertThat(cluster.leader()).isNull();
        assertThat(cluster.replicas).noneMatch(r -> r.group.isJoined());
        cluster.healNetwork();
        cluster.makeProgress();
        assertThat(cluster.replicas).allMatch(r -> r.group.isJoined());
    }

    @Test
    void aWipedNodeAndOneThatWasNeverUpDoNotElectEachOther() {
        SimCluster cluster = SimCluster.ofDisks(3, 3, 5, RaftRules.PAPER);
        // Node 2 is heard once, so that the others form, and then it is cut off.
        while (!cluster.replicas.get(0).group.isJoined()
                || !cluster.replicas.get(1).group.isJoined()) {
            cluster.step();
        }
        cluster.isolate(2);
        SimReplica leader = cluster.awaitLeader();
        SimReplica other = cluster.replicas.get(1 - leader.nodeId);
        long index = cluster.propose(leader, PAYLOAD);
        cluster.run(50);
        assertThat(leader.group.commitIndex()).isGreaterThanOrEqualTo(index);
        cluster.crash(other.nodeId);
        other.restartWiped(cluster.nowNs);
        cluster.crash(leader.nodeId);
        cluster.healNetwork();
        cluster.run(2_000);
        assertThat(cluster.leader())
                .as("neither holds what the one that is down holds")
                .isNull();
        cluster.restart(leader.nodeId);
        cluster.run(1_000);
        assertThat(cluster.leader()).isSameAs(leader);
        assertThat(leader.group.counters().otherDisks()).isPositive();
    }

    @Test
    void aWipedNodeComesBackByBeingRemovedAddedAsALearnerAndPromoted() {
        SimCluster cluster = started(3);
        SimReplica wiped = followers(cluster).getFirst();
        SimReplica other = followers(cluster).getLast();
        cluster.awaitCommit(cluster.propose(cluster.leader(), PAYLOAD));
        cluster.crash(wiped.nodeId);
        wiped.restartWiped(cluster.nowNs);
        cluster.run(500);
        assertThat(wiped.group.isJoined()).isFalse();
        List<Integer> rest = List.of(cluster.leader().nodeId, other.nodeId);
        cluster.changeTo(Membership.ofVoters(rest));
        cluster.changeTo(Membership.of(rest, List.of(wiped.nodeId)));
        cluster.run(100);
        cluster.changeTo(Membership.ofVoters(List.of(0, 1, 2)));
        cluster.makeProgress();
        assertThat(wiped.group.isJoined()).isTrue();
        assertThat(cluster.leader().group.membership().diskId(wiped.nodeId))
                .isEqualTo(wiped.life().diskId());
        cluster.crash(other.nodeId);
        long index = cluster.proposeUntilTaken();
        cluster.run(100);
        assertThat(cluster.leader().group.commitIndex())
                .as("its acks count again")
                .isGreaterThanOrEqualTo(index);
    }

    @Test
    void aNodePutBackFromAnOldCopyIsRefusedAndNeverVotesAgain() {
        SimCluster cluster = started(3);
        SimReplica victim = followers(cluster).getFirst();
        cluster.crash(victim.nodeId);
        MemoryLog copy = victim.log.copyOfDisk();
        NodeLife lifeOfCopy = victim.life();
        cluster.restart(victim.nodeId);
        cluster.awaitCommit(cluster.propose(cluster.awaitLeader(), PAYLOAD));
        cluster.crash(victim.nodeId);
        victim.restartFrom(copy, lifeOfCopy, cluster.nowNs);
        cluster.run(200);
        assertThat(victim.group.isJoined()).isFalse();
        cluster.crash(victim.nodeId);
        cluster.restart(victim.nodeId);
        cluster.crash(victim.nodeId);
        cluster.restart(victim.nodeId);
        cluster.run(200);
        assertThat(victim.group.isJoined())
                .as("not even once its start counter has overtaken")
                .isFalse();
        SimReplica other =
                followers(cluster).stream().filter(r -> r != victim).findFirst().orElseThrow();
        cluster.crash(other.nodeId);
        long before = cluster.checker.committed();
        cluster.propose(cluster.leader(), PAYLOAD);
        cluster.run(500);
        assertThat(cluster.checker.committed()).as("no second copy").isEqualTo(before);
    }

    @Test
    void aNodeThatRestartsOnItsOwnDiskGoesOnAtOnce() {
        SimCluster cluster = started(3);
        SimReplica victim = followers(cluster).getFirst();
        for (int i = 0; i < 5; i++) {
            cluster.crash(victim.nodeId);
            long index = cluster.propose(cluster.awaitLeader(), PAYLOAD);
            cluster.restart(victim.nodeId);
            cluster.run(60);
            assertThat(victim.group.commitIndex()).isGreaterThanOrEqualTo(index);
            assertThat(victim.group.isJoined()).isTrue();
        }
    }

    @Test
    void aDamagedReplicaIsRepairedByTheLeaderAndVotesAgain() {
        SimCluster cluster = started(3);
        SimReplica victim = followers(cluster).getFirst();
        SimReplica other = followers(cluster).getLast();
        long index = 0;
        for (int i = 0; i < 20; i++) {
            index = cluster.propose(cluster.awaitLeader(), PAYLOAD);
            cluster.step();
        }
        cluster.awaitCommit(index);
        cluster.crash(victim.nodeId);
        victim.log.damage(5);
        cluster.restart(victim.nodeId);
        assertThat(victim.log.isUnderRepair()).isTrue();
        cluster.run(200);
        assertThat(victim.log.isUnderRepair()).isFalse();
        cluster.crash(other.nodeId);
        long next = cluster.proposeUntilTaken();
        cluster.run(100);
        assertThat(cluster.leader().group.commitIndex()).isGreaterThanOrEqualTo(next);
    }

    @Test
    void safetyHoldsWhileNodesAreWipedAndReplacedUnderRandomFaults() {
        long wipes = 0;
        long committed = 0;
        for (long seed = 1; seed <= SEEDS; seed++) {
            SimCluster cluster = SimCluster.ofDisks(3 + (int) (seed % 2) * 2, 3, seed, RaftRules.PAPER);
            List<String> log = new ArrayList<>();
            try {
                cluster.faults(SimFaults.WIPES);
                cluster.runWithLoad(2_500);
                wipes += cluster.wipes();
                committed += cluster.checker.committed();
                cluster.heal();
                cluster.makeProgress();
            } catch (RuntimeException | AssertionError e) {
                fail("seed=" + seed + " at " + cluster.nowNs / SimCluster.MS + " ms " + log, e);
            }
        }
        assertThat(wipes).as("disks were wiped").isGreaterThan(SEEDS);
        assertThat(committed).as("the schedules let work through").isGreaterThan(SEEDS * 50L);
    }
}
