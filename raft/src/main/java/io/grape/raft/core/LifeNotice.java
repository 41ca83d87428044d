package io.grape.raft.core;

/** What an operator should read about the lives of nodes; each comes once a life of this process. */
public enum LifeNotice {
    /** Nothing. */
    NONE,
    /** This replica may vote: every first member has been heard. */
    FORMED,
    /** This replica has waited an election timeout for a first member that it must hear before it may vote. */
    WAITS_FOR_MEMBER,
    /** A peer's disk is not the one that is the member of this name. */
    PEER_HAS_OTHER_DISK,
    /** A peer runs on an old copy of its disk. */
    PEER_HAS_OLD_COPY,
    /** A peer holds less than it acknowledged to this leader in an earlier life. */
    PEER_LOST_ACKNOWLEDGED,
    /** The others know this node by another disk. */
    SELF_HAS_OTHER_DISK,
    /** The others know a later life of this disk, or that it lost what it acknowledged. */
    SELF_IS_EXCLUDED
}
