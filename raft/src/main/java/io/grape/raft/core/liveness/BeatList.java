package io.grape.raft.core.liveness;

import io.grape.codecs.HotPath;
import java.util.Arrays;

/**
 * Heartbeats, or answers to them, of any groups to any peers, in the order in which they came up.
 *
 * <p>Grows when it must and never shrinks. Thread: its owner's.
 */
public final class BeatList {
    private int[] nodeIds = new int[64];
    private int[] groupIds = new int[64];
    private long[] terms = new long[64];
    private long[] indices = new long[64];
    private long[] indexTerms = new long[64];
    private long[] requestIds = new long[64];
    private long[] readIds = new long[64];
    private short[] states = new short[64];
    private int count;

    /** Creates an empty list. */
    public BeatList() {}

    /**
     * Adds a heartbeat.
     *
     * @param state SBE value of {@code BeatState}
     */
    @HotPath
    @SuppressWarnings("TooManyParameters")
    public void add(
            int nodeId, int groupId, long term, long index, long indexTerm, long requestId, long readId, short state) {
        if (count == nodeIds.length) {
            grow();
        }
        nodeIds[count] = nodeId;
        groupIds[count] = groupId;
        terms[count] = term;
        indices[count] = index;
        indexTerms[count] = indexTerm;
        requestIds[count] = requestId;
        readIds[count] = readId;
        states[count] = state;
        count++;
    }

    /** Returns how many there are. */
    public int count() {
        return count;
    }

    /** Returns the peer that number {@code i} is for. */
    public int nodeId(int i) {
        return nodeIds[i];
    }

    /** Returns the group. */
    public int groupId(int i) {
        return groupIds[i];
    }

    /** Returns the sender's term. */
    public long term(int i) {
        return terms[i];
    }

    /** Returns the index that the peer may commit; 0 in an answer. */
    public long index(int i) {
        return indices[i];
    }

    /** Returns the term of the entry at that index. */
    public long indexTerm(int i) {
        return indexTerms[i];
    }

    /** Returns the request. */
    public long requestId(int i) {
        return requestIds[i];
    }

    /** Returns the confirmation round of reads. */
    public long readId(int i) {
        return readIds[i];
    }

    /** Returns the SBE value of {@code BeatState}. */
    public short state(int i) {
        return states[i];
    }

    /** Forgets all. */
    public void clear() {
        count = 0;
    }

    private void grow() {
        int capacity = count * 2;
        nodeIds = Arrays.copyOf(nodeIds, capacity);
        groupIds = Arrays.copyOf(groupIds, capacity);
        terms = Arrays.copyOf(terms, capacity);
        indices = Arrays.copyOf(indices, capacity);
        indexTerms = Arrays.copyOf(indexTerms, capacity);
        requestIds = Arrays.copyOf(requestIds, capacity);
        readIds = Arrays.copyOf(readIds, capacity);
        states = Arrays.copyOf(states, capacity);
    }
}
