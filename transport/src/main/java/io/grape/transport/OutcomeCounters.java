package io.grape.transport;

import io.grape.codecs.HotPath;
import java.util.concurrent.atomic.AtomicLongArray;

/** Counts offers by outcome; written by the senders, read by anyone. */
public final class OutcomeCounters {
    private final AtomicLongArray counts = new AtomicLongArray(SendOutcome.COUNT);

    @HotPath
    SendOutcome count(SendOutcome outcome) {
        counts.getAndIncrement(outcome.slot());
        return outcome;
    }

    /**
     * Returns how often an outcome was seen.
     *
     * @param outcome which
     * @return offers since the start
     */
    public long get(SendOutcome outcome) {
        return counts.get(outcome.slot());
    }
}
