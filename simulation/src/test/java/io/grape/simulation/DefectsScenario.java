package io.grape.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.grape.simulation.check.Violation;
import io.grape.simulation.node.Defect;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Nodes that are built wrong are found out: the checks can fail. */
class DefectsScenario {
    @ParameterizedTest(name = "{0} breaks {1}")
    @CsvSource({
        "FORCE_REPORTED_EARLY, COMMITTED_IS_DURABLE",
        "DISK_FORGETS_FORCES, FORCED_IS_KEPT",
        "NO_DEDUPLICATION, EXACTLY_ONCE",
        "REPLY_BEFORE_COMMIT, ACKNOWLEDGED_IS_COMMITTED",
        "STALE_READS, LINEARIZABILITY",
        "SKIPPED_APPLY, STATE_MACHINE_SAFETY"
    })
    void isFoundWithinAFewSeedsAndWithFewFaults(Defect defect, Violation.Rule rule) {
        Simulation simulation = new Simulation(SimulationConfig.of(3).with(defect));
        RunResult found = null;
        for (long seed = 1; seed <= 20 && found == null; seed++) {
            RunResult result = simulation.run(seed);
            Violation violation = result.violation();
            if (violation != null && violation.rule() == rule) {
                found = result;
            }
        }
        assertThat(found).as("a seed that shows %s", defect).isNotNull();
        RunResult smallest = simulation.minimize(found, 40);
        assertThat(smallest.violation()).isNotNull();
        assertThat(smallest.violation().rule()).isEqualTo(rule);
        assertThat(smallest.script().size()).isLessThanOrEqualTo(found.script().size());
        assertThat(smallest.trace()).isNotEmpty();
    }
}
