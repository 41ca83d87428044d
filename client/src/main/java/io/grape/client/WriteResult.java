package io.grape.client;

import java.util.List;

/**
 * A write that is committed and applied.
 *
 * @param position  where it stands in the log; the last of {@code positions}
 * @param changed   points stored or removed in all groups; the collection id after a collection was created
 * @param duplicate an earlier attempt of the same write had been applied already, and this is its outcome
 * @param positions where each group's part of it stands; pass them to {@link Consistency#atLeast(List)} to read it back on any
 *                  replica
 */
public record WriteResult(Position position, int changed, boolean duplicate, List<Position> positions) {
    /** Copies the list. */
    public WriteResult {
        positions = List.copyOf(positions);
    }

    /** A write of one group. */
    public WriteResult(Position position, int changed, boolean duplicate) {
        this(position, changed, duplicate, List.of(position));
    }
}
