package io.grape.raft.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Seeded schedules of loss, duplication, reordering, partitions and crashes, then a healed phase that must make progress. */
class RandomFaultsScenario {
    private static final int SEEDS = Integer.getInteger("grape.raft.seeds", 100);

    @ParameterizedTest(name = "R={0}")
    @ValueSource(ints = {1, 2, 3, 5})
    void safetyHoldsUnderRandomFaultsAndProgressFollowsHealing(int size) {
        long committed = 0;
        long reads = 0;
        for (long seed = 1; seed <= SEEDS; seed++) {
            SimCluster cluster = new SimCluster(size, seed);
            try {
                cluster.faults(SimFaults.WILD);
                cluster.runWithLoad(1_500);
                cluster.heal();
                cluster.makeProgress();
                committed += cluster.checker.committed();
                reads += cluster.checker.confirmedReads();
            } catch (RuntimeException | AssertionError e) {
                fail("R=" + size + " seed=" + seed + " at " + cluster.nowNs / SimCluster.MS + " ms", e);
            }
        }
        assertThat(committed).as("the schedules let work through").isGreaterThan(SEEDS * 50L);
        assertThat(reads).as("reads are confirmed").isGreaterThan(SEEDS * 10L);
    }

    @ParameterizedTest(name = "nodes={0}, first voters={1}")
    @CsvSource({"4, 1", "5, 3", "7, 3"})
    void safetyHoldsWhileMembersLeadersAndSnapshotsChange(int size, int voters) {
        long changes = 0;
        long snapshots = 0;
        long leaseReads = 0;
        for (long seed = 1; seed <= SEEDS; seed++) {
            SimCluster cluster = new SimCluster(size, voters, SimCluster.LEASES, seed, RaftRules.PAPER);
            try {
                cluster.faults(SimFaults.BUSY);
                cluster.runWithLoad(2_000);
                cluster.heal();
                cluster.makeProgress();
                changes += cluster.membershipChanges();
                snapshots += cluster.checker.installedSnapshots();
                leaseReads += cluster.checker.leaseReads();
            } catch (RuntimeException | AssertionError e) {
                fail("nodes=" + size + " seed=" + seed + " at " + cluster.nowNs / SimCluster.MS + " ms", e);
            }
        }
        assertThat(changes).as("changes of members began").isGreaterThan(SEEDS);
        assertThat(leaseReads).as("leases answer").isGreaterThan(SEEDS * 50L);
        assertThat(snapshots).as("snapshots were installed").isGreaterThan(SEEDS / 10);
    }
}
