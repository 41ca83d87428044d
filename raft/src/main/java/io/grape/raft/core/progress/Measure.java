package io.grape.raft.core.progress;

/** What of a peer's progress is put before a quorum. */
public enum Measure {
    /** Durable log. */
    MATCH,
    /** Time of the last answer. */
    CONTACT,
    /** Confirmed round of reads. */
    READ
}
