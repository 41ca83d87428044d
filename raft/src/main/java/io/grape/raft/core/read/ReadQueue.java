package io.grape.raft.core.read;

import io.grape.codecs.HotPath;

/**
 * Reads that wait, in order: first for the leader's first commit of its term, then for a round of answers that proves
 * that it still led after the read came in. Paper, section 8; thesis, section 6.4.
 *
 * <p>A bounded ring. All reads that come in between two rounds share one.
 */
public final class ReadQueue {
    /** The read may not be given an index yet. */
    public static final long HELD = -1;

    private final long[] tokens;
    private final long[] indices;
    private final long[] rounds;
    private int head;
    private int count;
    private long currentRound;

    /** @param capacity reads that fit */
    public ReadQueue(int capacity) {
        tokens = new long[capacity];
        indices = new long[capacity];
        rounds = new long[capacity];
    }

    /**
     * Adds a read to the round that has yet to begin.
     *
     * @param index commit index when the read came in, or {@link #HELD}
     * @return false if the queue is full
     */
    @HotPath
    public boolean add(long token, long index) {
        if (count == tokens.length) {
            return false;
        }
        int slot = (head + count) % tokens.length;
        tokens[slot] = token;
        indices[slot] = index;
        rounds[slot] = currentRound + 1;
        count++;
        return true;
    }

    /** Gives held reads their index: the term's first commit has happened. */
    public void release(long commitIndex) {
        for (int i = 0; i < count; i++) {
            int slot = (head + i) % tokens.length;
            if (indices[slot] == HELD) {
                indices[slot] = commitIndex;
            }
        }
    }

    /** Begins a round if a read waits for one; returns whether it did. */
    @HotPath
    public boolean beginRound() {
        if (count == 0 || rounds[(head + count - 1) % tokens.length] <= currentRound) {
            return false;
        }
        currentRound++;
        return true;
    }

    /** Returns the id of the latest round; goes into every append. */
    public long currentRound() {
        return currentRound;
    }

    /** Returns whether the oldest read has its index and its round is confirmed. */
    @HotPath
    public boolean ready(long confirmedRound) {
        return count > 0 && indices[head] != HELD && rounds[head] <= confirmedRound;
    }

    /** Returns how many reads wait. */
    public int count() {
        return count;
    }

    /** Returns the oldest read's token. */
    public long token() {
        return tokens[head];
    }

    /** Returns the oldest read's index. */
    public long index() {
        return indices[head];
    }

    /** Removes the oldest read. */
    @HotPath
    public void remove() {
        head = (head + 1) % tokens.length;
        count--;
    }

    /** Begins a term: rounds count from nothing again. The queue must be empty. */
    public void reset() {
        head = 0;
        count = 0;
        currentRound = 0;
    }
}
