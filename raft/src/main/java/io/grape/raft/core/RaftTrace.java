package io.grape.raft.core;

import org.agrona.DirectBuffer;

/**
 * Told of every transition and every message of one replica, in the order in which they happen.
 *
 * <p>For checking behaviours against the specification in {@code raft/src/spec}, and for debugging; {@link #NONE} in
 * production. One object a replica. Thread: the group's pipeline, from inside the replica's methods, which an
 * implementation must not call back. Buffers are valid during the call only. A method is called after what it tells of
 * is staged, except {@link #roleTaken}, which comes before the term that it names is staged.
 */
public interface RaftTrace {
    /** Listens to nothing. As long as it is the only implementation that is loaded its calls are compiled away. */
    RaftTrace NONE = new NoTrace();

    /** The replica was constructed over what its disk held. */
    void started(long term, int votedFor, long commitIndex, long lastIndex, long lastTerm);

    /** A message came in; nothing of it is checked or believed yet. */
    void received(DirectBuffer message, int offset, int length);

    /** A message was put out for a node; it may still wait for the disk. */
    void sent(int toNodeId, DirectBuffer message, int offset, int length);

    /** A heartbeat came in a frame, or the answer to one; nothing of it is checked or believed yet. */
    void beatReceived(boolean isAnswer, int fromNodeId, long term, long index, long indexTerm);

    /** A heartbeat was put out for a frame, or the answer to one; it does not wait for the disk. */
    void beatSent(boolean isAnswer, int toNodeId, long term, long index, long indexTerm);

    /** The replica takes a role, perhaps the one that it had, in this term. */
    void roleTaken(Role role, long term, int leaderNodeId, RoleReason reason);

    /** Term, vote and commit index were staged: one operation of the log. */
    void hardStateStaged(long term, int votedFor, long commitIndex);

    /** An entry was staged: one operation of the log. */
    void appended(long index, long term, short entryType, DirectBuffer payload, int offset, int length);

    /** The removal of this entry and all after it was staged: one operation of the log. */
    void truncatedFrom(long index);

    /** The replica knows of its own log that it is durable so far. */
    void durableTo(long index);

    /** The commit index as it is now; it may be what it was. */
    void committedTo(long index);

    /** A snapshot took the place of the log up to this entry. */
    void snapshotInstalled(long index, long term);

    /** The log begins after this entry. */
    void compactedTo(long index);
}
