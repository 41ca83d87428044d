package io.grape.simulation.node;

/** Hears what nodes do, for checks and traces. Called in the middle of a node's turn. */
public interface NodeObserver {
    /**
     * A node applied an entry.
     *
     * @param entryHash of type and payload
     * @param stateHash of the state after it
     */
    void onApplied(int nodeId, int groupId, long index, long entryHash, long stateHash);

    /**
     * A node's state machine carried a write out, for the first time as far as it knows.
     *
     * @param clientId who asked
     * @param sequence the client's number of the write
     */
    void onExecuted(int nodeId, int groupId, long index, long clientId, long sequence);

    /** Everything that a node's journal has written is on its platters. */
    void onForced(int nodeId);
}
