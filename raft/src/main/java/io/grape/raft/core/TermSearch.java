package io.grape.raft.core;

import io.grape.codecs.HotPath;

/** Finds where a term begins or ends in a log. Terms never fall along a log, so both are binary searches. */
final class TermSearch {
    private TermSearch() {}

    /** Returns the least index in {@code low..high} whose term is at least {@code term}; the entry at {@code high} is. */
    @HotPath
    static long firstOfTerm(RaftLog log, long term, long low, long high) {
        long from = low;
        long to = high;
        while (from < to) {
            long middle = (from + to) >>> 1;
            if (log.termAt(middle) < term) {
                from = middle + 1;
            } else {
                to = middle;
            }
        }
        return to;
    }

    /** Returns the greatest index in {@code low..high} whose term is at most {@code term}, or {@code low - 1}. */
    @HotPath
    static long lastAtMost(RaftLog log, long term, long low, long high) {
        long from = low - 1;
        long to = high;
        while (from < to) {
            long middle = (from + to + 1) >>> 1;
            if (log.termAt(middle) <= term) {
                from = middle;
            } else {
                to = middle - 1;
            }
        }
        return from;
    }
}
