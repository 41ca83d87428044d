package io.grape.raft.core;

/**
 * When a member whose disk is new may vote although no leader has taken it in.
 *
 * <p>A majority of the first members is not enough. Say A and B held a committed entry and C was never up. B is wiped, A is
 * down: B and C are a majority, neither has ever heard of the other, both are empty, and together they would elect a leader
 * that lacks what A holds. Only when <em>every</em> first member has said that it knows this node by no other disk can
 * nobody hold anything that an earlier disk of this node voted for or acknowledged.
 */
public enum Formation {
    /** Every first member must have been heard. Once a cluster's life this takes one round trip. */
    ALL_MEMBERS,

    /**
     * A majority of the first members is enough, once an election timeout has passed. The operator vouches that the absent
     * members never were part of the cluster. If that is wrong, acknowledged writes are lost.
     */
    WITHOUT_ABSENT,

    /** The owner vouches that this disk is the one that always was this node. */
    VOUCHED
}
