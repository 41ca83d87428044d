package io.grape.raft.core;

import io.grape.raft.core.membership.Membership;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * One group's snapshots, as the core sees them: what a leader streams and what a follower receives. Paper, section 7.
 *
 * <p>Thread: the group's pipeline. Offsets and lengths are bytes of the snapshot. A snapshot carries the members as of its
 * index and, inside its bytes, the client sessions.
 */
public interface SnapshotStore {
    /** No snapshots: the log is never compacted, and a follower refuses what a leader would stream. */
    SnapshotStore NONE = new NoSnapshots();

    /** {@link #begin}: this snapshot can be received, but not just now. The leader gets no answer and asks again by its timers. */
    long NOT_NOW = -2;

    /** Returns the last index that the newest durable snapshot covers; 0 without one. */
    long index();

    /** Returns the term of that entry. */
    long term();

    /** Returns the bytes of the newest durable snapshot. */
    long length();

    /** Returns the members as of {@link #index()}; asked only if there is a snapshot. */
    Membership membership();

    /**
     * Copies bytes of a snapshot that is being streamed; it stays readable while {@link RaftGroup#streamedSnapshotIndex}
     * names it or an older one.
     *
     * @return bytes copied; 0 only at the snapshot's end
     */
    int read(long index, long offset, MutableDirectBuffer target, int targetOffset, int maxLength);

    /** Returns whether a chunk may leave now. Heartbeats are not held back, so neither is the chunk that is one. */
    boolean maySend(long nowNs);

    /**
     * Begins to receive a snapshot, or goes on with it after a pause or a restart.
     *
     * @return where the next chunk must begin: all bytes before it are held of exactly this snapshot; {@link #NOT_NOW}, or any
     *     other negative number if none can be received
     */
    long begin(long index, long term, long totalLength);

    /** Stores the next bytes of the snapshot being received; {@code offset} is what is held so far. */
    void write(long offset, DirectBuffer chunk, int chunkOffset, int length);

    /**
     * All bytes are there: makes the snapshot durable and the newest one. The core resets the log in the same batch; should
     * the process die in between, recovery finds a snapshot that is newer than the log and resets the log itself.
     */
    void install(long index, long term, Membership membership);
}
