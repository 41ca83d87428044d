package io.grape.simulation.check;

import java.util.Arrays;

/** Terms and hashes of a log's entries, from index 1. A negative hash position means nothing is known of an entry. */
final class LogShadow {
    private long[] terms = new long[256];
    private long[] hashes = new long[256];
    private long first = 1;
    private long last;

    long first() {
        return first;
    }

    long last() {
        return last;
    }

    long term(long index) {
        return terms[(int) index];
    }

    long hash(long index) {
        return hashes[(int) index];
    }

    boolean holds(long index, long term) {
        return index >= first && index <= last && terms[(int) index] == term;
    }

    void set(long index, long term, long hash) {
        if (index >= terms.length) {
            int length = Math.max((int) index + 1, terms.length * 2);
            terms = Arrays.copyOf(terms, length);
            hashes = Arrays.copyOf(hashes, length);
        }
        terms[(int) index] = term;
        hashes[(int) index] = hash;
    }

    void bounds(long newFirst, long newLast) {
        first = newFirst;
        last = newLast;
    }

    /** Takes over entries of another shadow. */
    void copy(LogShadow from, long fromIndex, long toIndex) {
        for (long index = fromIndex; index <= toIndex; index++) {
            set(index, from.term(index), from.hash(index));
        }
    }
}
