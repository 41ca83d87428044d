package io.grape.raft.core.progress;

import io.grape.codecs.HotPath;

/**
 * When each recent request to a peer was sent, and how long answers take.
 *
 * <p>Every transmission has its own request id, so a sample is never ambiguous (Karn and Partridge 1987). Smoothing as in
 * RFC 6298: one eighth of each sample.
 */
public final class RoundTrip {
    /** The time of a request that is too old to be remembered. */
    public static final long UNKNOWN = Long.MIN_VALUE;

    private static final int REMEMBERED = 256;

    private final long[] sentNs = new long[REMEMBERED];
    private long lastRequestId;
    private long smoothedNs;

    /** Forgets all requests and assumes a round trip. */
    public void reset(long assumedNs) {
        lastRequestId = 0;
        smoothedNs = assumedNs;
    }

    /** Returns the id of a request that is being sent. Ids begin at 1. */
    @HotPath
    public long sent(long nowNs) {
        lastRequestId++;
        sentNs[(int) (lastRequestId & (REMEMBERED - 1))] = nowNs;
        return lastRequestId;
    }

    /** Takes a sample and returns when the request was sent, or {@link #UNKNOWN}. */
    @HotPath
    public long answered(long requestId, long nowNs) {
        if (requestId <= 0 || requestId > lastRequestId || requestId <= lastRequestId - REMEMBERED) {
            return UNKNOWN;
        }
        long sent = sentNs[(int) (requestId & (REMEMBERED - 1))];
        smoothedNs += (nowNs - sent - smoothedNs) / 8;
        return sent;
    }

    /** Returns the id of the latest request. */
    public long lastRequestId() {
        return lastRequestId;
    }

    /** Returns the smoothed round trip, nanoseconds. */
    public long smoothedNs() {
        return smoothedNs;
    }
}
