package io.grape.raft.core.progress;

import io.grape.codecs.HotPath;

/**
 * Appends sent to one peer and not yet answered, bounded by number and by bytes.
 *
 * <p>A ring in the order of sending; the last index of each append rises along it.
 */
public final class InflightWindow {
    private final long[] lastIndices;
    private final long[] sentNs;
    private final int[] lengths;
    private final long maxBytes;
    private int head;
    private int count;
    private long bytes;

    /**
     * @param maxAppends appends that fit
     * @param maxBytes   payload bytes that fit; one append always fits into an empty window
     */
    public InflightWindow(int maxAppends, long maxBytes) {
        this.lastIndices = new long[maxAppends];
        this.sentNs = new long[maxAppends];
        this.lengths = new int[maxAppends];
        this.maxBytes = maxBytes;
    }

    /** Returns whether one more append of so many payload bytes may be sent. */
    @HotPath
    public boolean hasRoomFor(int length) {
        return count == 0 || (count < lastIndices.length && bytes + length <= maxBytes);
    }

    /** Notes an append that was sent. */
    @HotPath
    public void add(long lastIndex, int length, long nowNs) {
        int slot = (head + count) % lastIndices.length;
        lastIndices[slot] = lastIndex;
        lengths[slot] = length;
        sentNs[slot] = nowNs;
        count++;
        bytes += length;
    }

    /** Frees every append that ends at or before {@code index}. */
    @HotPath
    public void freeThrough(long index) {
        while (count > 0 && lastIndices[head] <= index) {
            bytes -= lengths[head];
            head = (head + 1) % lastIndices.length;
            count--;
        }
    }

    /** Forgets all. */
    public void clear() {
        head = 0;
        count = 0;
        bytes = 0;
    }

    /** Returns how many appends are unanswered. */
    public int count() {
        return count;
    }

    /** Returns the payload bytes that are unanswered. */
    public long bytes() {
        return bytes;
    }

    /** Returns when the oldest unanswered append was sent. There must be one. */
    public long oldestSentNs() {
        return sentNs[head];
    }
}
