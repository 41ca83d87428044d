package io.grape.simulation.linearizability;

import io.grape.simulation.linearizability.history.Call;
import io.grape.simulation.linearizability.history.History;
import io.grape.simulation.linearizability.history.Operation;
import io.grape.simulation.linearizability.history.Outcome;
import java.util.ArrayList;
import java.util.List;

/**
 * Tries every order of every choice of operations of one point, and judges each as a whole. Shares no code with the checker.
 */
final class BruteForce {
    private final List<Operation> operations = new ArrayList<>();
    private final boolean exact;

    BruteForce(History history) {
        exact = history.positions() == History.Positions.EXACT;
        for (Operation operation : history.operations()) {
            boolean idle = operation.outcome() instanceof Outcome.Failed
                    || (operation.outcome() instanceof Outcome.Unknown && !(operation.call() instanceof Call.Write));
            if (!idle) {
                operations.add(operation);
            }
        }
    }

    boolean isLinearizable() {
        return extend(new ArrayList<>(), new ArrayList<>(operations));
    }

    private boolean extend(List<Operation> order, List<Operation> left) {
        if (left.stream().noneMatch(Operation::isAnswered) && explains(order)) {
            return true;
        }
        for (int i = 0; i < left.size(); i++) {
            Operation next = left.remove(i);
            boolean tooEarly = left.stream().anyMatch(other -> other.returnedAt() < calledAt(next));
            order.add(next);
            boolean found = !tooEarly && extend(order, left);
            order.removeLast();
            left.add(i, next);
            if (found) {
                return true;
            }
        }
        return false;
    }

    private static long calledAt(Operation operation) {
        return operation.call() instanceof Call.ReadAt ? Long.MIN_VALUE : operation.invokedAt();
    }

    /** Plays the order: first which write each operation meets, then whether indices exist that rise and fit the answers. */
    private boolean explains(List<Operation> order) {
        Operation stored = null;
        List<Operation> met = new ArrayList<>();
        for (Operation operation : order) {
            met.add(stored);
            if (operation.call() instanceof Call.Write && !(operation.outcome() instanceof Outcome.Mismatch)) {
                stored = operation.call() instanceof Call.Upsert ? operation : null;
            }
        }
        long last = 0;
        List<Long> versions = new ArrayList<>();
        for (int at = 0; at < order.size(); at++) {
            Operation operation = order.get(at);
            long version = Call.ABSENT_VERSION;
            if (met.get(at) != null) {
                version = versions.get(order.indexOf(met.get(at)));
            }
            versions.add(0L);
            if (!fits(operation, met.get(at), version)) {
                return false;
            }
            if (operation.call() instanceof Call.Write && !(operation.outcome() instanceof Outcome.Mismatch)) {
                long named = named(order, met, at);
                if (named != Outcome.NOT_SAID && named <= last) {
                    return false;
                }
                last = named == Outcome.NOT_SAID ? last + 1 : named;
                versions.set(at, named);
            }
            long position = position(operation);
            if (position != Outcome.NOT_SAID) {
                if (exact && last > position) {
                    return false;
                }
                last = Math.max(last, position);
            }
        }
        return true;
    }

    /** The version that a write's own answer names, or else the first answer that met it and names one. */
    private static long named(List<Operation> order, List<Operation> met, int at) {
        Operation write = order.get(at);
        if (write.outcome() instanceof Outcome.Written written && written.version() != Outcome.NOT_SAID) {
            return written.version();
        }
        for (int i = at + 1; i < order.size() && write.call() instanceof Call.Upsert; i++) {
            if (met.get(i) != write) {
                continue;
            }
            Operation reader = order.get(i);
            long named = Outcome.NOT_SAID;
            if (reader.outcome() instanceof Outcome.Found found) {
                named = found.version();
            } else if (reader.outcome() instanceof Outcome.Mismatch mismatch) {
                named = mismatch.currentVersion();
            } else if (reader.call() instanceof Call.Write conditional) {
                named = conditional.expectedVersion();
            }
            if (named != Outcome.NOT_SAID) {
                return named;
            }
        }
        return Outcome.NOT_SAID;
    }

    private static boolean fits(Operation operation, Operation met, long version) {
        if (operation.call() instanceof Call.ReadAt read
                && position(operation) != Outcome.NOT_SAID
                && position(operation) < read.minPosition()) {
            return false;
        }
        return switch (operation.outcome()) {
            case Outcome.Missing _ -> met == null;
            case Outcome.Found found ->
                met != null
                        && (found.value() == Outcome.NOT_SAID || found.value() == ((Call.Upsert) met.call()).value())
                        && (found.version() == Outcome.NOT_SAID || found.version() == version);
            case Outcome.Mismatch mismatch ->
                version != ((Call.Write) operation.call()).expectedVersion()
                        && (mismatch.currentVersion() == Outcome.NOT_SAID || mismatch.currentVersion() == version);
            case Outcome.Written written ->
                meets((Call.Write) operation.call(), version)
                        && (written.changed() == Outcome.NOT_SAID
                                || written.changed()
                                        == (operation.call() instanceof Call.Delete && met == null ? 0 : 1));
            default -> meets((Call.Write) operation.call(), version);
        };
    }

    private static boolean meets(Call.Write write, long version) {
        return write.expectedVersion() == Call.ANY_VERSION || write.expectedVersion() == version;
    }

    private static long position(Operation operation) {
        return switch (operation.outcome()) {
            case Outcome.Found found -> found.position();
            case Outcome.Missing missing -> missing.position();
            default -> Outcome.NOT_SAID;
        };
    }
}
