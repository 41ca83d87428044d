package io.grape.transport;

/** The Aeron streams that share a node's endpoint; separate, so that bulk data never stands before a heartbeat. */
public final class StreamId {
    /** Requests of clients to a node. */
    public static final int INGRESS = 1;
    /** Replies of a node to a client, unless the client asked for another stream. */
    public static final int EGRESS = 2;
    /** Raft messages between nodes. */
    public static final int RAFT = 3;
    /** Snapshots and hand-offs between nodes. */
    public static final int BULK = 4;

    private StreamId() {}
}
