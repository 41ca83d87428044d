package io.grape.shards.handoff.group;

/** Hears of points that were deleted while their shard is being copied. */
@FunctionalInterface
public interface DeletionConsumer {
    /** This point was deleted and is not there again. */
    void deleted(int collectionId, long idMost, long idLeast);
}
