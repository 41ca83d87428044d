package io.grape.simulation.linearizability;

import io.grape.simulation.linearizability.history.Call;

/**
 * A point between two operations.
 *
 * @param version log index of the write that stored it; {@link #UNNAMED} if no answer ever names it;
 *                {@link Call#ABSENT_VERSION} if there is no point
 * @param value   of the write that stored it; 0 if there is no point
 * @param floor   the lowest index that the last write, or the position that a read saw after it, can have; the next write
 *                is above it
 * @param unseen  the last step was a write of unknown outcome that nothing has shown yet
 */
record PointState(long version, long value, long floor, boolean unseen) {
    /** Stands for an index that is above the floor and that no answer names. */
    static final long UNNAMED = 0;

    /** No point, nothing written. */
    static final PointState EMPTY = new PointState(Call.ABSENT_VERSION, 0, 0, false);

    boolean isPresent() {
        return version != Call.ABSENT_VERSION;
    }

    boolean meets(long expectedVersion) {
        return expectedVersion == Call.ANY_VERSION || expectedVersion == version;
    }

    PointState seen() {
        return unseen ? new PointState(version, value, floor, false) : this;
    }

    PointState raisedTo(long position) {
        return position > floor ? new PointState(version, value, position, unseen) : this;
    }

    /** Tells whether every step that is possible from the other state is possible from here too, with the same result. */
    boolean allowsAllOf(PointState other) {
        return version == other.version && value == other.value && floor <= other.floor && (!unseen || other.unseen);
    }

    @Override
    public String toString() {
        if (!isPresent()) {
            return "absent";
        }
        return "value " + value + (version == UNNAMED ? " of a version that nothing names" : " of version " + version);
    }
}
