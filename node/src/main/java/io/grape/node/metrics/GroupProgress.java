package io.grape.node.metrics;

/** How far a group is, as far as its progress is timed. Any thread. */
interface GroupProgress {
    /** Returns the group's number. */
    int groupId();

    /** Tells whether this node leads the group. */
    boolean isLeader();

    /** Returns the leader as known here, or -1. */
    int leaderNodeId();

    /** Returns the current term. */
    long term();

    /** Returns the last entry of the log here. */
    long lastIndex();

    /** Returns the last entry known here to be committed. */
    long commitIndex();

    /** Returns the last entry applied here. */
    long applied();
}
