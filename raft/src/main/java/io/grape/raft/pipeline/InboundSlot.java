package io.grape.raft.pipeline;

/**
 * One event on its way to the consensus agent; the body lies in the ring's arena.
 *
 * <p>Written by the inbound agent, read by the consensus agent, handed over by the ring's sequence.
 */
final class InboundSlot {
    /** A Raft message from a peer. */
    static final int RAFT_MESSAGE = 1;

    /** A client's command, to be proposed. */
    static final int PROPOSAL = 2;

    /** A client's read, to be released when the state is new enough for it. */
    static final int READ = 3;

    int kind;
    int groupId;
    int length;
    int freshness;
    long bodyPosition;
    long arenaEnd;
    long sessionId;
    long correlationId;
    long minIndex;
}
