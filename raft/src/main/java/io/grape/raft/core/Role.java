package io.grape.raft.core;

/** What a replica is in its term. Paper, figure 4; PRE_CANDIDATE: thesis, section 9.6. */
public enum Role {
    /** Answers others. A learner stays one for as long as it is not a voter. */
    FOLLOWER,
    /** Asks whether an election could be won, without raising its term. */
    PRE_CANDIDATE,
    /** Asks for votes. */
    CANDIDATE,
    /** The only one that appends of its own. */
    LEADER
}
