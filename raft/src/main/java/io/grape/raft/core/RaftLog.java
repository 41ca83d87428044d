package io.grape.raft.core;

import io.grape.raft.core.lives.LifeTable;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * One group's log and hard state, as the core sees them.
 *
 * <p>What the core writes is only <em>staged</em>: it can be read back at once, but it is durable no sooner than the owner
 * of the log says so through {@link RaftGroup#onDurable}. Thread: the group's pipeline. Indices begin at 1.
 */
public interface RaftLog {
    /** No such index. */
    long NULL_INDEX = 0;

    /** The log does not hold the entry that was asked about. */
    long NULL_TERM = -1;

    /** Returns the lowest index held, or {@code lastIndex() + 1} when no entry is held. */
    long firstIndex();

    /** Returns the highest index held or covered by a snapshot; 0 for a new log. */
    long lastIndex();

    /**
     * Returns the term of an entry; 0 at index 0; the snapshot's term at {@code firstIndex() - 1}; {@link #NULL_TERM}
     * outside of that.
     */
    long termAt(long index);

    /** Returns the SBE value of the entry's {@code EntryType}. The entry must be held. */
    short entryTypeAt(long index);

    /** Returns the bytes of the entry's payload. The entry must be held. */
    int payloadLengthAt(long index);

    /**
     * Copies the payload of a held entry.
     *
     * @return bytes copied
     */
    int copyPayload(long index, MutableDirectBuffer target, int targetOffset);

    /**
     * Stages an entry. {@code index} must be {@code lastIndex() + 1} and the term must not fall.
     *
     * @param entryType SBE value of {@code EntryType}
     */
    void append(long index, long term, short entryType, DirectBuffer payload, int offset, int length);

    /** Stages the removal of {@code index} and everything after it. Never called at or below the commit index. */
    void truncateFrom(long index);

    /**
     * Stages that the log begins after {@code index}, whose state is in a snapshot. If the log holds that very entry, what
     * follows it stays; otherwise the snapshot replaces the whole log (paper, section 7). An index that is compacted
     * already changes nothing.
     */
    void compactTo(long index, long term);

    /**
     * Stages what is known of a node's lives, and notes it in {@link #lives}. Rare: once a start of a node.
     *
     * @param state a constant of {@link LifeTable}
     */
    void life(int nodeId, long diskId, long incarnation, int state);

    /** Returns what is known of the nodes' lives, as last staged; the caller only reads it. */
    LifeTable lives();

    /** Returns whether every life that was staged is durable. */
    boolean livesAreDurable();

    /** Returns whether entries that this replica may have acknowledged were lost to damage and are not all back yet. */
    boolean isUnderRepair();

    /** Returns the highest index that may have been acknowledged before the damage; meaningful under repair. */
    long repairThrough();

    /** Stages that the repair is over; the commit index staged last must have reached {@link #repairThrough}. */
    void repaired();

    /** Stages the hard state: current term, vote in it ({@code -1} for none) and commit index. */
    void hardState(long term, int votedFor, long commitIndex);
}
