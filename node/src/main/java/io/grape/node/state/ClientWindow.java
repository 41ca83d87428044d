package io.grape.node.state;

import io.grape.codecs.HotPath;

/**
 * What one client's writes came to, for the sequences it may still repeat.
 *
 * <p>A client numbers its writes 1, 2, 3 ... and says with each one up to which sequence it has had every answer. So only
 * {@link #LENGTH} sequences above that mark can be new, in any order, and only they need to be remembered. Part of the
 * replicated state: Ongaro's thesis, section 6.3. Thread: the apply agent's.
 */
final class ClientWindow {
    /** Sequences above the acknowledged one that a client may use. A power of two. */
    static final int LENGTH = 256;

    private static final int MASK = LENGTH - 1;

    private final long[] sequences = new long[LENGTH];
    private final long[] indices = new long[LENGTH];
    private final int[] changed = new int[LENGTH];
    private final short[] codes = new short[LENGTH];
    private long acknowledgedThrough;
    private long lastUsedIndex;

    /** Raises the mark below which nothing will be asked again. It never falls. */
    @HotPath
    void acknowledge(long through, long index) {
        acknowledgedThrough = Math.max(acknowledgedThrough, through);
        lastUsedIndex = index;
    }

    /** Tells whether the client has had its answer to this sequence and cannot be waiting for it. */
    @HotPath
    boolean isAcknowledged(long sequence) {
        return sequence <= acknowledgedThrough;
    }

    /** Tells whether the sequence is further above the mark than is remembered. */
    @HotPath
    boolean isBeyond(long sequence) {
        return sequence - acknowledgedThrough > LENGTH;
    }

    /** Tells whether the sequence was applied. */
    @HotPath
    boolean holds(long sequence) {
        return sequences[(int) sequence & MASK] == sequence;
    }

    /** Remembers an outcome. */
    @HotPath
    void put(long sequence, long index, int changedPoints, short code) {
        int at = (int) sequence & MASK;
        sequences[at] = sequence;
        indices[at] = index;
        changed[at] = changedPoints;
        codes[at] = code;
    }

    /** Returns the log index that applied a held sequence. */
    long index(long sequence) {
        return indices[(int) sequence & MASK];
    }

    /** Returns the points that a held sequence changed. */
    int changed(long sequence) {
        return changed[(int) sequence & MASK];
    }

    /** Returns the error code of a held sequence; 0 for success. */
    short code(long sequence) {
        return codes[(int) sequence & MASK];
    }

    /** Returns the index at which the client last wrote. */
    long lastUsedIndex() {
        return lastUsedIndex;
    }
}
