package io.grape.node.checkpoint;

/**
 * The moments of a checkpoint, an install and a compaction between which a process may die, in their order. What each one
 * leaves behind is the subject of the crash tests; docs/spec/checkpoint.md says what a start makes of it.
 */
public enum CheckpointStep {
    /** 1: the apply thread has captured catalog, clients and the stores' counts. */
    CAPTURED,
    /** 2: the stores' files are forced. */
    STORES_FORCED,
    /** 3: checksums of all blocks are known. */
    CHECKSUMMED,
    /** 4: the manifest is written under its temporary name. */
    MANIFEST_WRITTEN,
    /** 5: and forced. */
    MANIFEST_FORCED,
    /** 6: it has its name. */
    MANIFEST_RENAMED,
    /** 7: the name is durable: from here on this is the newest checkpoint. */
    MANIFEST_DURABLE,
    /** 8: older manifests are removed, and directories that none names. */
    OLD_REMOVED,
    /** 9: the snapshot mark is staged in the journal. */
    COMPACTED,
    /** 10: a snapshot's manifest has arrived. */
    INCOMING_MANIFEST,
    /** 11: one of its blocks has arrived. */
    INCOMING_BLOCK,
    /** 12: all have, and are forced. */
    INCOMING_FORCED,
    /** 13: its stores are open, its manifest is the newest durable one. */
    INSTALLED,
    /** 14: the apply thread has swapped the state. */
    SWAPPED;

    /** What a test does at a step, for instance throw. Called on the thread that took the step. */
    @FunctionalInterface
    public interface Listener {
        /** Nothing happens at any step. */
        Listener NONE = step -> {};

        /** The step is done. */
        void reached(CheckpointStep step);
    }
}
