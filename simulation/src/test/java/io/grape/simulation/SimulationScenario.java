package io.grape.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.grape.simulation.fault.FaultScript;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Seeded schedules of whole clusters: {@code -Dgrape.simulation.seeds=N} runs more of them. */
class SimulationScenario {
    private static final int SEEDS = Integer.getInteger("grape.simulation.seeds", 0);

    @ParameterizedTest(name = "nodes={0}, data groups={1}, {2} seeds")
    @CsvSource({"3, 1, 40", "5, 1, 10", "3, 3, 15"})
    void everyRuleHoldsUnderSeededFaults(int nodes, int groups, int seeds) {
        Simulation simulation = new Simulation(SimulationConfig.of(nodes).withGroups(groups));
        RunCounts total = RunCounts.ZERO;
        for (long seed = 1; seed <= Math.max(seeds, SEEDS); seed++) {
            RunResult result = simulation.run(seed);
            assertThat(result.violation())
                    .as("./grape simulate --seed %d --nodes %d --groups %d", seed, nodes, groups)
                    .isNull();
            total = total.plus(result.counts());
        }
        assertThat(total.acknowledged()).as("writes go through").isGreaterThan(seeds * 50L);
        assertThat(total.elections()).as("leaders change").isGreaterThan(seeds);
        assertThat(total.installedSnapshots()).as("snapshots reach followers").isPositive();
        assertThat(total.starts()).as("nodes come back").isGreaterThan(seeds * nodes);
    }

    /** Each broke a rule once: a full disk that was never tried again, bytes that no force covered, a checker with a gap. */
    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1060, 1158, 1197, 3151, 3219, 3521, 5505})
    void everyRuleHoldsUnderSeedsThatFailedOnce(long seed) {
        assertThat(new Simulation(SimulationConfig.of(3)).run(seed).violation())
                .as("./grape simulate --seed %d", seed)
                .isNull();
    }

    @Test
    void theSameSeedGivesTheSameHistory() {
        Simulation simulation = new Simulation(SimulationConfig.of(3));
        for (long seed = 1; seed <= 8; seed++) {
            RunResult once = simulation.run(seed);
            RunResult again = new Simulation(SimulationConfig.of(3)).run(seed, simulation.scriptOf(seed), true);
            assertThat(again.eventHash()).as("seed %d", seed).isEqualTo(once.eventHash());
            assertThat(again.counts()).isEqualTo(once.counts());
            assertThat(again.script()).isEqualTo(once.script());
        }
        assertThat(simulation.run(1).eventHash()).isNotEqualTo(simulation.run(2).eventHash());
    }

    @Test
    void withoutFaultsOneLeaderOfEachGroupServesAllTheTime() {
        Simulation simulation = new Simulation(SimulationConfig.of(3));
        for (long seed = 1; seed <= 5; seed++) {
            RunResult result = simulation.run(seed, FaultScript.EMPTY, false);
            assertThat(result.violation()).isNull();
            assertThat(result.counts().elections())
                    .as("one of group 0 and one of group 1, seed %d", seed)
                    .isEqualTo(2);
            assertThat(result.counts().starts()).isEqualTo(3);
        }
    }
}
