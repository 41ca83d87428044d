package io.grape.simulation.linearizability;

import io.grape.simulation.linearizability.history.Call;
import io.grape.simulation.linearizability.history.History.Positions;
import io.grape.simulation.linearizability.history.HistoryWriter;
import io.grape.simulation.linearizability.history.Operation;
import io.grape.simulation.linearizability.history.Outcome;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The fewest operations of a point that no order explains, as text.
 *
 * <p>First the history is cut at the answer that no order got past: calls that were open then become unanswered, later
 * ones go. Then operations are left out one by one as long as the rest stays impossible. Only those are left out
 * without which nothing new becomes impossible: reads, refusals, and writes that no other answer can have met. So what is
 * left is wrong for a reason that the whole history has too.
 */
final class Counterexample {
    /** A smaller history may be harder to search than the whole one; then the operation stays. */
    private static final int MAX_CONFIGURATIONS = 20_000;

    /** Above this many operations, only the cut is made: each one left out costs a search. */
    private static final int MAX_OPERATIONS_TO_SHRINK = 500;

    private final Positions positions;
    private final List<Operation> operations;
    private final KeySearch search;

    Counterexample(List<Operation> history, Positions positions, KeySearch failed) {
        this.positions = positions;
        List<Operation> smallest = cut(history, failed.furthestAnswer());
        if (!isImpossible(smallest)) {
            // The limit was met, or the history is too hard for it: the whole is shown.
            smallest = new ArrayList<>(history);
        } else if (smallest.size() <= MAX_OPERATIONS_TO_SHRINK) {
            shrink(smallest);
        }
        operations = smallest;
        operations.sort(Comparator.comparingLong(Operation::invokedAt).thenComparingInt(Operation::id));
        KeySearch again = new KeySearch(operations, positions, MAX_CONFIGURATIONS);
        search = again.run() == KeySearch.Result.NOT_LINEARIZABLE ? again : failed;
    }

    private static List<Operation> cut(List<Operation> history, Operation last) {
        List<Operation> cut = new ArrayList<>();
        for (Operation operation : history) {
            if (operation.returnedAt() <= last.returnedAt()) {
                cut.add(operation);
            } else if (operation.invokedAt() <= last.returnedAt() && operation.call() instanceof Call.Write) {
                cut.add(new Operation(
                        operation.id(),
                        operation.client(),
                        operation.key(),
                        operation.call(),
                        operation.invokedAt(),
                        new Outcome.Unknown(),
                        Operation.NEVER));
            }
        }
        return cut;
    }

    private void shrink(List<Operation> smallest) {
        for (int at = smallest.size() - 1; at >= 0; at--) {
            Operation operation = smallest.remove(at);
            if (!mayBeLeftOut(operation, smallest) || !isImpossible(smallest)) {
                smallest.add(at, operation);
            }
        }
    }

    private static boolean mayBeLeftOut(Operation operation, List<Operation> others) {
        if (!(operation.call() instanceof Call.Write write) || operation.outcome() instanceof Outcome.Mismatch) {
            return true;
        }
        return others.stream().noneMatch(other -> mayShow(other, operation, write));
    }

    /** Tells whether an operation's answer may depend on what a write did. */
    private static boolean mayShow(Operation other, Operation operation, Call.Write write) {
        return switch (other.outcome()) {
            case Outcome.Missing _ -> write instanceof Call.Delete;
            case Outcome.Found found -> write instanceof Call.Upsert upsert && mayBe(found, operation, upsert);
            case Outcome.Written written ->
                isConditional(other) || (other.call() instanceof Call.Delete && written.changed() != Outcome.NOT_SAID);
            default -> isConditional(other);
        };
    }

    private static boolean mayBe(Outcome.Found found, Operation operation, Call.Upsert upsert) {
        boolean otherValue = found.value() != Outcome.NOT_SAID && found.value() != upsert.value();
        boolean otherVersion = found.version() != Outcome.NOT_SAID
                && operation.outcome() instanceof Outcome.Written written
                && written.version() != Outcome.NOT_SAID
                && written.version() != found.version();
        return !otherValue && !otherVersion;
    }

    private static boolean isConditional(Operation operation) {
        return operation.call() instanceof Call.Write write && write.isConditional();
    }

    private boolean isImpossible(List<Operation> candidate) {
        return new KeySearch(candidate, positions, MAX_CONFIGURATIONS).run() == KeySearch.Result.NOT_LINEARIZABLE;
    }

    @Override
    public String toString() {
        Operation blocked = search.furthestAnswer();
        StringBuilder text = new StringBuilder()
                .append("point ")
                .append(blocked.key())
                .append(" is not linearizable: no order of these operations explains the answer to operation ")
                .append(blocked.id());
        for (Operation operation : operations) {
            text.append("\n  ")
                    .append(operation.id() == blocked.id() ? "> " : "  ")
                    .append(line(operation));
        }
        String order = search.furthestOrder().stream()
                .map(operation -> Integer.toString(operation.id()))
                .collect(Collectors.joining(", "));
        return text.append("\n  longest order: ")
                .append(order.isEmpty() ? "none" : order)
                .append("; the point is then ")
                .append(search.furthestState())
                .toString();
    }

    private static String line(Operation operation) {
        String until = operation.isAnswered() ? Long.toString(operation.returnedAt()) : "open";
        return "operation " + operation.id() + ", client " + operation.client() + " [" + operation.invokedAt() + ".."
                + until + "] " + HistoryWriter.describe(operation.call()) + " -> "
                + HistoryWriter.describe(operation.outcome());
    }
}
