package io.grape.raft.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A group that works now and then and rests in between, under faults from one seed. */
class HibernationScenario {
    private static final int SEEDS = Integer.getInteger("grape.raft.seeds", 60);
    private static final SimFaults SOME = new SimFaults(20, 20, 8, 1, 2, 4, 0);

    /** Seeds that are multiples of four let the group rest. */
    private static SimCluster cluster(int size, long seed, RaftRules rules) {
        return new SimCluster(size, size, SimCluster.LEASES, seed * 4, rules);
    }

    private static boolean allRest(SimCluster cluster) {
        return cluster.replicas.stream().allMatch(replica -> replica.up && replica.group.isHibernating());
    }

    private static void idle(SimCluster cluster, int steps) {
        for (int i = 0; i < steps; i++) {
            cluster.step();
            for (SimReplica replica : cluster.replicas) {
                if (replica.up) {
                    cluster.checker.leaseRead(replica, cluster.nowNs);
                }
            }
        }
    }

    @ParameterizedTest(name = "R={0}")
    @ValueSource(ints = {2, 3, 5})
    void itIsSafeThroughFaultsWorksAfterThemAndRestsAgain(int size) {
        int rests = 0;
        for (long seed = 1; seed <= SEEDS; seed++) {
            SimCluster cluster = cluster(size, seed, RaftRules.PAPER);
            try {
                for (int round = 0; round < 6; round++) {
                    cluster.faults(SimFaults.NONE);
                    cluster.runWithLoad(30);
                    idle(cluster, 250);
                    rests += allRest(cluster) ? 1 : 0;
                    cluster.faults(SOME);
                    idle(cluster, 250);
                    cluster.runWithLoad(50);
                }
                cluster.heal();
                cluster.makeProgress();
                idle(cluster, 600);
                assertThat(allRest(cluster)).as("it rests at the end").isTrue();
            } catch (RuntimeException | AssertionError e) {
                fail("R=" + size + " seed=" + seed + " at " + cluster.nowNs / SimCluster.MS + " ms", e);
            }
        }
        assertThat(rests).as("rounds in which all replicas rested").isGreaterThan(SEEDS);
    }

    @Test
    void whenTheLeaderOfARestingGroupDiesAnotherOneIsElectedAndNoneBefore() {
        for (long seed = 1; seed <= SEEDS; seed++) {
            SimCluster cluster = cluster(3, seed, RaftRules.PAPER);
            SimReplica leader = cluster.awaitLeader();
            long index = cluster.proposeUntilTaken();
            cluster.awaitCommit(index);
            idle(cluster, 5_000);
            assertThat(allRest(cluster)).as("seed %d", seed).isTrue();
            assertThat(cluster.leader()).as("five idle seconds change nothing").isSameAs(leader);
            cluster.crash(leader.nodeId);
            idle(cluster, 1_500);
            assertThat(cluster.leader()).as("seed %d", seed).isNotNull().isNotSameAs(leader);
        }
    }

    @Test
    void aRestingGroupWhoseFollowerIgnoresTheLossOfANodeStaysWithoutALeader() {
        SimCluster cluster = cluster(3, 1, InjectedBug.RESTING_FOLLOWER_IGNORES_LOST_NODE.rules);
        SimReplica leader = cluster.awaitLeader();
        idle(cluster, 1_000);
        assertThat(allRest(cluster)).isTrue();
        cluster.crash(leader.nodeId);
        idle(cluster, 5_000);
        assertThat(cluster.leader())
                .as("the bug shows, so the test above can see it")
                .isNull();
    }

    @Test
    void packetsOfARestingGroupAreThoseOfItsNodes() {
        SimCluster cluster = cluster(3, 7, RaftRules.PAPER);
        cluster.awaitLeader();
        idle(cluster, 1_000);
        long before = cluster.packetsSent();
        idle(cluster, 1_000);
        assertThat(cluster.packetsSent() - before)
                .as("a frame and an answer for each of two peers, fifty times")
                .isBetween(150L, 200L);
    }
}
