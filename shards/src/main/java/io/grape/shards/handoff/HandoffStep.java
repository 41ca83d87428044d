package io.grape.shards.handoff;

/** The one command that a hand-off waits for. Each may be given again, late, or by two coordinators. */
public enum HandoffStep {
    /** Step 1, at the destination. */
    IMPORT_BEGIN,
    /** Step 2, at the source. */
    EXPORT_BEGIN,
    /** Steps 3, 4 and 6: copy what lies between the destination's staged index and the source. */
    COPY,
    /** Step 5, at the source. */
    SEAL,
    /** Step 6, at the destination: compare the copy with what was sealed. */
    VERIFY,
    /** Step 7, at group 0. */
    READY,
    /** Step 8, at group 0: the shard changes its owner. */
    COMMIT,
    /** Step 8, at group 0: the shard stays where it is. */
    ABORT,
    /** Step 9, at the destination, after a commit. */
    OWN,
    /** Step 9, at the source, after a commit. */
    DROP,
    /** After an abort, at the destination: the copy is thrown away. */
    CLEAN_DESTINATION,
    /** After an abort, at the source: it serves the shard again. */
    CLEAN_SOURCE,
    /** Step 10, at the source: the rows go, once no reader needs them. */
    PURGE,
    /** At group 0: neither group has anything left to do. */
    FINISH,
    /** A person has to look: the destination owns rows that are not those it checked. Nothing is deleted. */
    ALARM,
    /** Nothing, for ever. */
    NONE
}
