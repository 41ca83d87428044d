package io.grape.simulation;

import io.grape.simulation.check.Violation;
import io.grape.simulation.fault.FaultScript;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What became of one run.
 *
 * @param seed      that it was made of
 * @param script    what went wrong in it
 * @param violation the rule that was broken, or null
 * @param eventHash of all that happened
 * @param counts    how much happened
 * @param trace     what happened last, if it was asked for
 */
public record RunResult(
        long seed,
        FaultScript script,
        @Nullable Violation violation,
        long eventHash,
        RunCounts counts,
        List<String> trace) {
    /** Copies the lists. */
    public RunResult {
        trace = List.copyOf(trace);
    }

    /** Returns whether every rule held. */
    public boolean isGood() {
        return violation == null;
    }
}
