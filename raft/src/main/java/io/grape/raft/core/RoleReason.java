package io.grape.raft.core;

/** Why a replica changed its role. */
public enum RoleReason {
    /** The replica started. */
    START,
    /** No leader was heard for the randomised election timeout. */
    ELECTION_TIMEOUT,
    /** A quorum would vote, so the term is raised. */
    PRE_VOTE_WON,
    /** A quorum voted. */
    ELECTION_WON,
    /** A quorum refused. */
    ELECTION_LOST,
    /** A message carried a newer term. */
    NEWER_TERM,
    /** The leader of this term spoke. */
    LEADER_HEARD,
    /** The leader did not hear a quorum for an election timeout. */
    QUORUM_LOST,
    /** The leader handed its office over. */
    TRANSFER,
    /** The leader is no voter of the committed configuration any more. */
    REMOVED,
    /** The disk turned out to hold less than it acknowledged, or to be an old copy. */
    EXCLUDED
}
