package io.grape.raft.core.progress;

/** What of a peer's progress is put before a quorum. */
public enum Measure {
    /** Durable log. */
    MATCH,
    /** Time of the last answer. */
    CONTACT,
    /** Time at which the latest answered request was sent. */
    LEASE,
    /** Confirmed round of reads. */
    READ
}
