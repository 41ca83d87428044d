package io.grape.shards.handoff.group;

/**
 * Where a destination's copy stands, so that whoever sends can go on there.
 *
 * @param stagedIndex index at the source up to which the copy is complete
 * @param attempt     highest attempt of a round that was begun; the next one must be higher
 * @param nextNumber  the chunk that this attempt waits for
 */
public record ChunkCursor(long stagedIndex, long attempt, int nextNumber) {}
