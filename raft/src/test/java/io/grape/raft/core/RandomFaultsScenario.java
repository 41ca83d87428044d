package io.grape.raft.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Seeded schedules of loss, duplication, reordering, partitions and crashes, then a healed phase that must make progress. */
class RandomFaultsScenario {
    private static final int SEEDS = Integer.getInteger("grape.raft.seeds", 200);

    @ParameterizedTest(name = "R={0}")
    @ValueSource(ints = {1, 2, 3, 5})
    void safetyHoldsUnderRandomFaultsAndProgressFollowsHealing(int size) {
        long committed = 0;
        long reads = 0;
        for (long seed = 1; seed <= SEEDS; seed++) {
            SimCluster cluster = new SimCluster(size, seed);
            try {
                cluster.faults(SimCluster.Faults.WILD);
                cluster.runWithLoad(1_500);
                cluster.heal();
                SimReplica leader = cluster.awaitLeader();
                long index = cluster.propose(leader, new byte[] {1});
                assertThat(index).isPositive();
                cluster.awaitCommit(index);
                committed += cluster.checker.committed();
                reads += cluster.checker.confirmedReads();
            } catch (RuntimeException | AssertionError e) {
                fail("R=" + size + " seed=" + seed + " at " + cluster.nowNs / SimCluster.MS + " ms", e);
            }
        }
        assertThat(committed).as("the schedules let work through").isGreaterThan(SEEDS * 50L);
        assertThat(reads).as("reads are confirmed").isGreaterThan(SEEDS * 10L);
    }
}
