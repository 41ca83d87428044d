package io.grape.simulation.linearizability;

import io.grape.simulation.linearizability.history.History;
import io.grape.simulation.linearizability.history.Operation;
import io.grape.simulation.linearizability.history.PointKey;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Checks histories; see the package for what that means. Keeps nothing between checks; any thread. */
public final class LinearizabilityChecker {
    /** Configurations that a point's search may enter unless told otherwise; at some 150 bytes each. */
    public static final int DEFAULT_MAX_CONFIGURATIONS = 1_000_000;

    private final int maxConfigurations;

    /** Makes a checker with the default limit. */
    public LinearizabilityChecker() {
        this(DEFAULT_MAX_CONFIGURATIONS);
    }

    /**
     * @param maxConfigurations configurations that the search of one point may enter before it gives up
     */
    public LinearizabilityChecker(int maxConfigurations) {
        this.maxConfigurations = maxConfigurations;
    }

    /** Checks every point of a history. */
    public CheckReport check(History history) {
        Map<PointKey, List<Operation>> byKey = new LinkedHashMap<>();
        for (Operation operation : history.operations()) {
            if (KeySearch.constrains(operation)) {
                byKey.computeIfAbsent(operation.key(), _ -> new ArrayList<>()).add(operation);
            }
        }
        List<CheckReport.Violation> violations = new ArrayList<>();
        List<PointKey> undecided = new ArrayList<>();
        int operations = 0;
        long configurations = 0;
        for (Map.Entry<PointKey, List<Operation>> entry : byKey.entrySet()) {
            KeySearch search = new KeySearch(entry.getValue(), history.positions(), maxConfigurations);
            switch (search.run()) {
                case LINEARIZABLE -> {}
                case UNDECIDED -> undecided.add(entry.getKey());
                case NOT_LINEARIZABLE -> {
                    String explanation = new Counterexample(entry.getValue(), history.positions(), search).toString();
                    violations.add(new CheckReport.Violation(entry.getKey(), explanation));
                }
            }
            operations += entry.getValue().size();
            configurations += search.configurations();
        }
        return new CheckReport(
                verdict(violations, undecided), byKey.size(), operations, configurations, violations, undecided);
    }

    private static CheckReport.Verdict verdict(List<CheckReport.Violation> violations, List<PointKey> undecided) {
        if (!violations.isEmpty()) {
            return CheckReport.Verdict.NOT_LINEARIZABLE;
        }
        return undecided.isEmpty() ? CheckReport.Verdict.LINEARIZABLE : CheckReport.Verdict.UNDECIDED;
    }
}
