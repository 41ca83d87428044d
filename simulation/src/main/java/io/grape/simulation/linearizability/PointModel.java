package io.grape.simulation.linearizability;

import io.grape.simulation.linearizability.history.Call;
import io.grape.simulation.linearizability.history.History.Positions;
import io.grape.simulation.linearizability.history.Operation;
import io.grape.simulation.linearizability.history.Outcome;
import org.jspecify.annotations.Nullable;

/**
 * The sequential specification of one point: which operation may end how in which state, and what it leaves.
 *
 * <p>The index of a write is known when its answer named it. Else the caller chooses one of the versions that answers name,
 * or none of them ({@link PointState#UNNAMED}); an unnamed index counts as the lowest that is free, which forbids the
 * least.
 */
final class PointModel {
    private final boolean exact;

    PointModel(Positions positions) {
        exact = positions == Positions.EXACT;
    }

    /**
     * Takes an operation as the next one.
     *
     * @param version for a write: the index that applies it, or {@link PointState#UNNAMED}
     * @return the state that it leaves, or null when it cannot have ended as it did
     */
    @Nullable
    PointState step(PointState state, Operation operation, long version) {
        return switch (operation.call()) {
            case Call.Upsert upsert -> write(state, operation, upsert, version);
            case Call.Delete delete -> write(state, operation, delete, version);
            case Call.Read _ -> read(state, operation.outcome());
            case Call.ReadAt read -> isBelow(read, operation.outcome()) ? null : read(state, operation.outcome());
        };
    }

    private @Nullable PointState write(PointState state, Operation operation, Call.Write write, long version) {
        if (operation.outcome() instanceof Outcome.Mismatch mismatch) {
            return mismatch(state, write, mismatch);
        }
        if (!state.meets(write.expectedVersion()) || isPointless(state, operation, write)) {
            return null;
        }
        boolean upsert = write instanceof Call.Upsert;
        if (operation.outcome() instanceof Outcome.Written written
                && written.changed() != Outcome.NOT_SAID
                && written.changed() != (upsert || state.isPresent() ? 1 : 0)) {
            return null;
        }
        boolean named = version != PointState.UNNAMED;
        if (named && version <= state.floor()) {
            return null;
        }
        long index = named ? version : state.floor() + 1;
        boolean unseen = !operation.isAnswered();
        return write instanceof Call.Upsert stored
                ? new PointState(version, stored.value(), index, unseen)
                : new PointState(Call.ABSENT_VERSION, 0, index, unseen);
    }

    /**
     * A write of unknown outcome that is covered at once, before anything has shown it, may as well be left out. Orders
     * that have one are not tried: else n of them would make 2^n configurations out of nothing.
     */
    private static boolean isPointless(PointState state, Operation operation, Call.Write write) {
        if (!state.unseen() || write.isConditional()) {
            return false;
        }
        boolean tellsWhatItFound = write instanceof Call.Delete
                && operation.outcome() instanceof Outcome.Written written
                && written.changed() != Outcome.NOT_SAID;
        return !tellsWhatItFound;
    }

    private static @Nullable PointState mismatch(PointState state, Call.Write write, Outcome.Mismatch mismatch) {
        boolean named = mismatch.currentVersion() != Outcome.NOT_SAID;
        if (state.meets(write.expectedVersion()) || (named && mismatch.currentVersion() != state.version())) {
            return null;
        }
        return state.seen();
    }

    private @Nullable PointState read(PointState state, Outcome outcome) {
        return switch (outcome) {
            case Outcome.Found found -> {
                boolean same = state.isPresent()
                        && (found.version() == Outcome.NOT_SAID || found.version() == state.version())
                        && (found.value() == Outcome.NOT_SAID || found.value() == state.value());
                yield same ? at(state, found.position()) : null;
            }
            case Outcome.Missing missing -> state.isPresent() ? null : at(state, missing.position());
            default -> throw new IllegalStateException("not the outcome of a read: " + outcome);
        };
    }

    private @Nullable PointState at(PointState state, long position) {
        if (position == Outcome.NOT_SAID) {
            return state.seen();
        }
        return exact && state.floor() > position ? null : state.seen().raisedTo(position);
    }

    private static boolean isBelow(Call.ReadAt read, Outcome outcome) {
        long position = position(outcome);
        return position != Outcome.NOT_SAID && position < read.minPosition();
    }

    /** Returns the position that a read's answer names, or {@link Outcome#NOT_SAID}. */
    static long position(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Found found -> found.position();
            case Outcome.Missing missing -> missing.position();
            default -> Outcome.NOT_SAID;
        };
    }
}
