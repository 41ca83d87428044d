package io.grape.node.state;

import io.grape.codecs.HotPath;

/**
 * Which of the last entries changed something: a log also holds repetitions of writes, and writes that the state refused.
 *
 * <p>A ring of bits, one for each of the last {@link #CAPACITY} entries. One thread applies and writes; another may read what is
 * at or below an applied index that it got through an acquire.
 */
public final class AppliedEffects {
    /** Entries that are remembered. A power of two. */
    static final int CAPACITY = 1 << 20;

    /** The writer may be so far ahead of the applied index that a reader knows. */
    private static final int MARGIN = CAPACITY / 2;

    private static final int WORD_MASK = CAPACITY / Long.SIZE - 1;

    private final long[] bits = new long[CAPACITY / Long.SIZE];
    private volatile long floor;

    /** Nothing is known of the entries up to this one. */
    void reset(long index) {
        floor = index;
    }

    /** Notes whether an entry changed something. Entries come in order. */
    @HotPath
    void note(long index, boolean changed) {
        int word = (int) (index >>> 6) & WORD_MASK;
        long bit = 1L << index;
        bits[word] = changed ? bits[word] | bit : bits[word] & ~bit;
    }

    /**
     * Returns the lowest entry that may be asked for.
     *
     * @param applied last applied entry
     */
    public long firstKnown(long applied) {
        return Math.max(floor, applied - MARGIN) + 1;
    }

    /**
     * Returns whether an entry changed something.
     *
     * @param index from {@link #firstKnown} to the last applied one
     */
    public boolean changed(long index) {
        return (bits[(int) (index >>> 6) & WORD_MASK] & 1L << index) != 0;
    }
}
