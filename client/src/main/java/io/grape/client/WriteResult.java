package io.grape.client;

/**
 * A write that is committed and applied.
 *
 * @param position  where it stands in the log; pass it to {@link Consistency#atLeast} to read it back on any replica
 * @param changed   points stored or removed; the collection id after a collection was created
 * @param duplicate an earlier attempt of the same write had been applied already, and this is its outcome
 */
public record WriteResult(Position position, int changed, boolean duplicate) {}
