package io.grape.simulation.linearizability;

import io.grape.simulation.linearizability.history.PointKey;
import java.util.List;

/**
 * What the checker found in a history.
 *
 * @param verdict        the worst of all points
 * @param keys           points that were checked
 * @param operations     operations that constrained something
 * @param configurations configurations that the searches entered
 * @param violations     for each point whose operations no order explains: which, and why, for people
 * @param undecidedKeys  points whose search met its limit; nothing is known of them
 */
public record CheckReport(
        Verdict verdict,
        int keys,
        int operations,
        long configurations,
        List<Violation> violations,
        List<PointKey> undecidedKeys) {
    /** What is known of a history. */
    public enum Verdict {
        /** Some order explains every answer. */
        LINEARIZABLE,
        /** A search met its limit; no violation was found elsewhere. */
        UNDECIDED,
        /** No order explains the answers. */
        NOT_LINEARIZABLE
    }

    /**
     * A point whose operations no order explains.
     *
     * @param key         the point
     * @param explanation the fewest operations that show it, and how far an order gets; several lines
     */
    public record Violation(PointKey key, String explanation) {}

    /** Copies the lists. */
    public CheckReport {
        violations = List.copyOf(violations);
        undecidedKeys = List.copyOf(undecidedKeys);
    }

    /** Tells whether every point is linearizable. An undecided history is not. */
    public boolean isLinearizable() {
        return verdict == Verdict.LINEARIZABLE;
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder()
                .append(verdict)
                .append(": ")
                .append(operations)
                .append(" operations on ")
                .append(keys)
                .append(" points, ")
                .append(configurations)
                .append(" configurations");
        if (!undecidedKeys.isEmpty()) {
            text.append("; undecided: ").append(undecidedKeys);
        }
        for (Violation violation : violations) {
            text.append('\n').append(violation.explanation());
        }
        return text.toString();
    }
}
