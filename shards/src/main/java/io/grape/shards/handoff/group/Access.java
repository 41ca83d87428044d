package io.grape.shards.handoff.group;

/** What a group may do with a shard. Asked when an operation arrives, and again when it is applied. */
public enum Access {
    /** Read and write. */
    OWNED,
    /** Sealed for a hand-off: neither writes nor linearizable reads; asking again soon is right. */
    SEALED,
    /** Another group owns it; a newer table says which. */
    NOT_OWNED
}
