package io.grape.client;

import org.jspecify.annotations.Nullable;

/**
 * A point as a replica holds it, or the news that it holds none of this id.
 *
 * <p>The arrays belong to the caller who received the result.
 *
 * @param idMost  upper 64 bits of the id; zero for numeric ids
 * @param idLeast lower 64 bits of the id
 * @param version log index of the write that stored it, or {@link #ABSENT}
 * @param vector  its components; null if absent or not asked for
 * @param payload its payload; null if absent, not asked for, or stored without one
 */
@SuppressWarnings("ArrayRecordComponent")
public record StoredPoint(
        long idMost, long idLeast, long version, float @Nullable [] vector, byte @Nullable [] payload) {
    /** Version of a point that the replica does not hold. */
    public static final long ABSENT = -1;

    /** Returns the numeric id (unsigned); meaningful when {@code idMost} is zero. */
    public long id() {
        return idLeast;
    }

    /** Returns whether the replica holds the point. */
    public boolean isPresent() {
        return version != ABSENT;
    }
}
