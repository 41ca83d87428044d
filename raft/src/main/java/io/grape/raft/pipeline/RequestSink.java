package io.grape.raft.pipeline;

import org.agrona.DirectBuffer;

/** What the pipeline says of clients' requests. Thread: the pipeline. Must neither block nor allocate. */
public interface RequestSink {
    /** This node does not lead the group. */
    int NOT_LEADER = 1;

    /** Too much is in flight. */
    int BACK_PRESSURE = 2;

    /** The replica did not reach the asked index in time. */
    int INDEX_NOT_REACHED = 3;

    /** The disk has no room for another entry. */
    int STORAGE_FULL = 4;

    /** The command is longer than an entry may be. */
    int TOO_LARGE = 5;

    /**
     * A request was not taken; nothing of it will happen.
     *
     * @param reason       one of the constants above
     * @param leaderNodeId the leader as known here, or -1
     */
    void refused(long sessionId, long correlationId, int reason, int leaderNodeId);

    /**
     * The state of a group is new enough for a read.
     *
     * @return false when it cannot be taken now; it is offered again
     */
    boolean readReady(int groupId, DirectBuffer body, int offset, int length);
}
