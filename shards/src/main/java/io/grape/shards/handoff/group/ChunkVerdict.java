package io.grape.shards.handoff.group;

/** What became of a chunk. */
public enum ChunkVerdict {
    /** Its rows are staged. */
    TAKEN,
    /** Its rows are staged, and the copy is complete up to the round's end. */
    ROUND_DONE,
    /** It belongs to a migration, a round or an attempt that is over, or was there before: nothing was done. */
    STALE,
    /** What lies before it has not come: nothing was done. Ask from the cursor on. */
    GAP,
    /** Its checksum is wrong: nothing was done. */
    DAMAGED
}
