package io.grape.simulation.linearizability;

import io.grape.simulation.linearizability.history.Call;
import io.grape.simulation.linearizability.history.History.Positions;
import io.grape.simulation.linearizability.history.Operation;
import io.grape.simulation.linearizability.history.Outcome;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntPredicate;
import java.util.function.IntToLongFunction;
import java.util.stream.IntStream;

/**
 * What is known of one point's operations before the search: which must come after which other, and which versions a
 * write can have whose answer named none.
 *
 * <p>Three chains, in which each operation waits for the one before it. None of them shuts out an order that matters:
 *
 * <ul>
 *   <li>writes with a named version, by version: the model wants it so;
 *   <li>reads at a position that found the point, by the index from which on the state was theirs: were a later one
 *       linearized first, no write could stand between the two, so that they may change places;
 *   <li>reads at a position that found nothing, by position: wherever the later one stands, the earlier one may stand too.
 * </ul>
 */
final class SearchPlan {
    private static final int NONE = -1;
    private static final long[] UNNAMED = {PointState.UNNAMED};

    private final List<Operation> operations;
    private final int[] waitsFor;
    private final long[][] versions;

    SearchPlan(List<Operation> operations, Positions positions) {
        this.operations = operations;
        waitsFor = new int[operations.size()];
        Arrays.fill(waitsFor, NONE);
        chain(this::isVersionNamed, at -> namedVersion(operations.get(at)));
        chain(at -> isReadAt(at) && foundVersion(at) != Outcome.NOT_SAID, at -> {
            long position = PointModel.position(operations.get(at).outcome());
            // A position that was not said is the lowest number, and exact positions are not below the version.
            return positions == Positions.EXACT && position != Outcome.NOT_SAID
                    ? position
                    : Math.max(foundVersion(at), position);
        });
        chain(
                at -> isReadAt(at)
                        && operations.get(at).outcome() instanceof Outcome.Missing missing
                        && missing.position() != Outcome.NOT_SAID,
                at -> PointModel.position(operations.get(at).outcome()));
        versions = new long[operations.size()][];
        for (int at = 0; at < versions.length; at++) {
            versions[at] = versionsOf(operations.get(at));
        }
    }

    private void chain(IntPredicate members, IntToLongFunction order) {
        int[] chain = IntStream.range(0, operations.size())
                .filter(members)
                .boxed()
                .sorted(Comparator.<Integer>comparingLong(order::applyAsLong)
                        .thenComparingLong(at -> operations.get(at).returnedAt()))
                .mapToInt(Integer::intValue)
                .toArray();
        for (int i = 1; i < chain.length; i++) {
            waitsFor[chain[i]] = chain[i - 1];
        }
    }

    private boolean isVersionNamed(int at) {
        return namedVersion(operations.get(at)) != Outcome.NOT_SAID;
    }

    private boolean isReadAt(int at) {
        return operations.get(at).call() instanceof Call.ReadAt;
    }

    private long foundVersion(int at) {
        return operations.get(at).outcome() instanceof Outcome.Found found ? found.version() : Outcome.NOT_SAID;
    }

    private static long namedVersion(Operation operation) {
        return operation.outcome() instanceof Outcome.Written written ? written.version() : Outcome.NOT_SAID;
    }

    private long[] versionsOf(Operation operation) {
        long named = namedVersion(operation);
        if (named != Outcome.NOT_SAID) {
            return new long[] {named};
        }
        boolean mayHaveStored =
                operation.call() instanceof Call.Upsert && !(operation.outcome() instanceof Outcome.Mismatch);
        if (!mayHaveStored) {
            return UNNAMED;
        }
        long value = ((Call.Upsert) operation.call()).value();
        Set<Long> candidates = new TreeSet<>();
        for (Operation other : operations) {
            switch (other.outcome()) {
                case Outcome.Found found -> {
                    if (found.value() == value || found.value() == Outcome.NOT_SAID) {
                        candidates.add(found.version());
                    }
                }
                case Outcome.Mismatch mismatch -> candidates.add(mismatch.currentVersion());
                default -> {}
            }
            if (other.call() instanceof Call.Write write) {
                candidates.add(write.expectedVersion());
            }
        }
        for (Operation other : operations) {
            candidates.remove(namedVersion(other));
        }
        candidates.removeIf(version -> version <= 0);
        candidates.add(PointState.UNNAMED);
        return candidates.stream().mapToLong(Long::longValue).toArray();
    }

    /** Returns the operation that must be linearized before this one, or -1. */
    int waitsFor(int at) {
        return waitsFor[at];
    }

    /** Returns the versions that an operation may be given, {@link PointState#UNNAMED} first if it is among them. */
    long[] versions(int at) {
        return versions[at];
    }
}
