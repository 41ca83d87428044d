package io.grape.raft.pipeline;

/** Lets tests of other modules say who leads. */
public final class Statuses {
    private Statuses() {}

    /** Makes a node the leader of a term, ready from the first entry on; another node's number makes it a follower. */
    public static void lead(GroupStatus status, boolean leads, long term) {
        status.leadership(leads ? 0 : 1, term, leads, leads ? 0 : Long.MAX_VALUE);
    }
}
