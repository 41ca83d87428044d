package io.grape.raft.core;

import java.util.Arrays;

/**
 * Linearizable reads whose fate is known: confirmed at an index, or failed because leadership ended.
 *
 * <p>Thread: its owner's. Grows when it must and never shrinks.
 */
public final class ReadResults {
    private long[] confirmedTokens = new long[64];
    private long[] confirmedIndices = new long[64];
    private int confirmedCount;
    private long[] failedTokens = new long[64];
    private int failedCount;

    ReadResults() {}

    /** Returns how many reads are confirmed. */
    public int confirmedCount() {
        return confirmedCount;
    }

    /** Returns the token that {@link RaftGroup#readIndex} was given. */
    public long confirmedToken(int i) {
        return confirmedTokens[i];
    }

    /** Returns the index that must be applied before the read is answered. */
    public long confirmedIndex(int i) {
        return confirmedIndices[i];
    }

    /** Returns how many reads failed. */
    public int failedCount() {
        return failedCount;
    }

    /** Returns the token of a failed read; it may be asked again of the new leader. */
    public long failedToken(int i) {
        return failedTokens[i];
    }

    /** Forgets every result. */
    public void clear() {
        confirmedCount = 0;
        failedCount = 0;
    }

    void confirmed(long token, long index) {
        if (confirmedCount == confirmedTokens.length) {
            confirmedTokens = Arrays.copyOf(confirmedTokens, confirmedCount * 2);
            confirmedIndices = Arrays.copyOf(confirmedIndices, confirmedCount * 2);
        }
        confirmedTokens[confirmedCount] = token;
        confirmedIndices[confirmedCount++] = index;
    }

    void failed(long token) {
        if (failedCount == failedTokens.length) {
            failedTokens = Arrays.copyOf(failedTokens, failedCount * 2);
        }
        failedTokens[failedCount++] = token;
    }
}
