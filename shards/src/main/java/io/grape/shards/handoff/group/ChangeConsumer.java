package io.grape.shards.handoff.group;

/** Hears of points that changed while their shard is being copied. */
@FunctionalInterface
public interface ChangeConsumer {
    /** This point was stored or deleted; which of the two is seen by looking for it. */
    void changed(int collectionId, long idMost, long idLeast);
}
