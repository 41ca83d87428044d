package io.grape.raft.pipeline;

/** What a waiting read must know of its group. Thread: the pipeline. */
interface ReadGate {
    /** Returns the index up to which the group's entries are applied. */
    long appliedIndex();

    /** Returns the group's leader as known here, or -1. */
    int leaderNodeId();

    /** Returns the group. */
    int groupId();
}
