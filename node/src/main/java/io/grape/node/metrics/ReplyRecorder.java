package io.grape.node.metrics;

import io.grape.codecs.HotPath;
import io.grape.codecs.sbe.ErrorCode;
import io.grape.node.events.SlowRequestEvent;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.agrona.concurrent.NanoClock;
import org.jspecify.annotations.Nullable;

/**
 * What one thread answered. Thread: one writer; a scrape reads values a little old. Allocates on the first answer to a
 * kind of request only.
 */
public final class ReplyRecorder {
    private static final int CODES = 256;
    private static final int OUTCOMES = 2;

    private final Arrivals arrivals;
    private final NanoClock clock;
    private final AtomicReferenceArray<LatencyRecorder> latencies =
            new AtomicReferenceArray<>(RequestKind.COUNT * OUTCOMES);
    private final AtomicLongArray refused = new AtomicLongArray(CODES);
    private volatile long replies;
    private volatile long replyBytes;
    private volatile long dropped;

    ReplyRecorder(Arrivals arrivals, NanoClock clock) {
        this.arrivals = arrivals;
        this.clock = clock;
    }

    /** Notes an answer that is no refusal. */
    @HotPath
    public void answered(long sessionId, long correlationId) {
        time(sessionId, correlationId, 0);
    }

    /** Notes a refusal. */
    @HotPath
    public void refused(long sessionId, long correlationId, ErrorCode code) {
        int at = code.value() & (CODES - 1);
        refused.setRelease(at, refused.getPlain(at) + 1);
        time(sessionId, correlationId, 1);
    }

    /** Notes that a reply was taken by the client's stream. */
    @HotPath
    @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
    public void sent(int length) {
        replies++;
        replyBytes += length;
    }

    /** Notes that a reply was not taken. */
    @HotPath
    @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
    public void notTaken() {
        dropped++;
    }

    /** Returns replies that a client did not take. Any thread. */
    public long dropped() {
        return dropped;
    }

    @HotPath
    private void time(long sessionId, long correlationId, int outcome) {
        long found = arrivals.find(sessionId, correlationId);
        if (found == Arrivals.UNKNOWN) {
            return;
        }
        int at = Arrivals.kind(found) * OUTCOMES + outcome;
        LatencyRecorder latency = latencies.getPlain(at);
        if (latency == null) {
            latency = add(at);
        }
        long elapsedNs = Arrivals.elapsedNs(found, clock.nanoTime());
        latency.record(elapsedNs);
        if (elapsedNs >= SlowRequestEvent.THRESHOLD_NS) {
            onSlow(Arrivals.kind(found), outcome, elapsedNs);
        }
    }

    private static void onSlow(int slot, int outcome, long elapsedNs) {
        for (RequestKind kind : RequestKind.values()) {
            if (kind.slot() == slot) {
                SlowRequestEvent.record(kind.label(), outcome == 1, elapsedNs);
            }
        }
    }

    private LatencyRecorder add(int at) {
        LatencyRecorder added = new LatencyRecorder();
        latencies.setRelease(at, added);
        return added;
    }

    @Nullable
    LatencyRecorder latency(RequestKind kind, boolean isRefused) {
        return latencies.getAcquire(kind.slot() * OUTCOMES + (isRefused ? 1 : 0));
    }

    long refused(ErrorCode code) {
        boolean isCode = code != ErrorCode.NULL_VAL && code != ErrorCode.SBE_UNKNOWN;
        return isCode ? refused.getAcquire(code.value() & (CODES - 1)) : 0;
    }

    long replies() {
        return replies;
    }

    long replyBytes() {
        return replyBytes;
    }
}
