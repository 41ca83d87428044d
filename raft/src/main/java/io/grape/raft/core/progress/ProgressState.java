package io.grape.raft.core.progress;

/** How a leader writes to a peer. */
public enum ProgressState {
    /** One append at a time, until the logs are known to meet. */
    PROBE,
    /** A window of appends, sent ahead of their answers. */
    REPLICATE,
    /** The entries that the peer needs are no longer in the log. */
    SNAPSHOT
}
