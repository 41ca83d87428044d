package io.grape.node.demo.cluster;

import io.grape.codecs.GrapeException;
import io.grape.codecs.sbe.ErrorCode;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits until something is so. Stateless; the calling thread is the one that waits. */
public final class Await {
    private static final long POLL_INTERVAL_NS = 10_000_000;

    private Await() {}

    /**
     * Asks every 10 ms until {@code condition} holds.
     *
     * @param what      what is waited for, for the message
     * @param timeout   how long at most
     * @param condition asked on the calling thread
     * @throws GrapeException TIMED_OUT if it did not come to hold, or the thread was interrupted
     */
    public static void until(String what, Duration timeout, BooleanSupplier condition) {
        long deadlineNs = System.nanoTime() + timeout.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - deadlineNs > 0) {
                throw new GrapeException(
                        ErrorCode.TIMED_OUT, "waited " + timeout.toMillis() + " ms in vain for: " + what);
            }
            if (Thread.currentThread().isInterrupted()) {
                throw new GrapeException(ErrorCode.TIMED_OUT, "interrupted while waiting for: " + what);
            }
            LockSupport.parkNanos(POLL_INTERVAL_NS);
        }
    }
}
