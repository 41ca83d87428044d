package io.grape.simulation.linearizability.history;

/** What a client asked for. */
public sealed interface Call {
    /** Expected version of a write that has no condition. */
    long ANY_VERSION = Long.MIN_VALUE;

    /** Expected version of a write on a point that must not exist; also the version that a read finds if there is none. */
    long ABSENT_VERSION = -1;

    /** A write: it may change the point. */
    sealed interface Write extends Call {
        /** Returns the version that the point must have: {@link #ANY_VERSION}, {@link #ABSENT_VERSION} or a log index. */
        long expectedVersion();

        /** Tells whether the write is made only if the point has the expected version: compare-and-set. */
        default boolean isConditional() {
            return expectedVersion() != ANY_VERSION;
        }
    }

    /**
     * Inserts or replaces the point.
     *
     * @param value           stands for vector and payload, such as a hash of both; histories whose writes all have
     *                        different values are the sharpest
     * @param expectedVersion condition
     */
    record Upsert(long value, long expectedVersion) implements Write {}

    /**
     * Removes the point; an absent one is not an error.
     *
     * @param expectedVersion condition
     */
    record Delete(long expectedVersion) implements Write {}

    /** A read at consistency {@code linearizable}: at least as new as all that was over before it began. */
    record Read() implements Call {}

    /**
     * A read at consistency {@code at least position} or {@code local}: it may be stale, and says which position it saw.
     *
     * @param minPosition the position asked for; 0 for {@code local}
     */
    record ReadAt(long minPosition) implements Call {}
}
