package io.grape.simulation.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class FaultScriptTest {
    @Test
    void aScriptIsReadBackAsItWasPrintedAndEveryKindOfFaultIsDrawn() {
        Set<Class<?>> kinds = new HashSet<>();
        for (int seed = 0; seed < 200; seed++) {
            FaultScript script = new ScriptGenerator(new SplittableRandom(seed), 5, 3, 2_000).generate();
            assertThat(FaultScript.parse(script.toString())).isEqualTo(script);
            script.faults().forEach(timed -> kinds.add(timed.fault().getClass()));
        }
        assertThat(kinds).containsExactlyInAnyOrder(Fault.class.getPermittedSubclasses());
    }

    @Test
    void faultsAreInTheOrderOfTime() {
        FaultScript script = FaultScript.parse("20 Mend\n\n10 Crash 1 0\n");
        assertThat(script.faults())
                .containsExactly(new TimedFault(10, new Fault.Crash(1, 0)), new TimedFault(20, new Fault.Mend()));
        assertThat(script).hasToString("10 Crash 1 0\n20 Mend");
    }

    @Test
    void aLineThatCannotBeReadIsNamed() {
        for (String line : List.of("10 Melt 1", "ten Mend", "10 Crash 1", "10 Crash 1 x", "10")) {
            assertThatThrownBy(() -> FaultScript.parse(line))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(line);
        }
    }

    @Test
    void theMinimizerKeepsWhatTheFailureNeedsAndNothingElse() {
        FaultScript script = new ScriptGenerator(new SplittableRandom(4), 5, 3, 2_000).generate();
        assertThat(script.size()).isGreaterThan(8);
        TimedFault one = script.faults().get(2);
        TimedFault other = script.faults().get(script.size() - 3);
        FaultScript smallest = new ScriptMinimizer(
                        candidate -> candidate.faults().contains(one)
                                && candidate.faults().contains(other),
                        500)
                .minimize(script);
        assertThat(smallest.faults()).containsExactly(one, other);
    }

    @Test
    void theMinimizerStopsWhenItsRunsAreSpent() {
        FaultScript script = new ScriptGenerator(new SplittableRandom(4), 5, 3, 2_000).generate();
        int[] runs = {0};
        new ScriptMinimizer(
                        _ -> {
                            runs[0]++;
                            return false;
                        },
                        7)
                .minimize(script);
        assertThat(runs[0]).isEqualTo(7);
    }
}
