package io.grape.simulation.fault;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * Leaves out what a failure does not need: delta debugging (Zeller and Hildebrandt, "Simplifying and isolating failure-inducing
 * input", 2002), by taking out ever smaller pieces.
 */
public final class ScriptMinimizer {
    private final Predicate<FaultScript> fails;
    private int runsLeft;

    /**
     * @param fails   tells whether a run under a script still fails
     * @param maxRuns runs that may be spent
     */
    public ScriptMinimizer(Predicate<FaultScript> fails, int maxRuns) {
        this.fails = fails;
        this.runsLeft = maxRuns;
    }

    /** Returns a script that still fails, and from which no single fault can be taken if the runs sufficed. */
    public FaultScript minimize(FaultScript failing) {
        List<TimedFault> kept = new ArrayList<>(failing.faults());
        int piece = Math.max(1, kept.size() / 2);
        while (runsLeft > 0) {
            boolean isSmaller = false;
            for (int from = 0; from < kept.size() && runsLeft > 0; ) {
                List<TimedFault> candidate = new ArrayList<>(kept);
                candidate.subList(from, Math.min(kept.size(), from + piece)).clear();
                if (stillFails(candidate)) {
                    kept = candidate;
                    isSmaller = true;
                } else {
                    from += piece;
                }
            }
            if (piece == 1 && !isSmaller) {
                break;
            }
            piece = Math.max(1, piece / 2);
        }
        return new FaultScript(kept);
    }

    private boolean stillFails(List<TimedFault> candidate) {
        runsLeft--;
        return fails.test(new FaultScript(candidate));
    }
}
