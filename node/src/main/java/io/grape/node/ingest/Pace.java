package io.grape.node.ingest;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.agrona.concurrent.NanoClock;

/**
 * Lets through at most so many points a second, evenly; what was not used is not saved up. One thread takes, any may change the rate.
 */
final class Pace {
    private static final double NS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);

    private final NanoClock clock;
    private volatile double pointsPerSecond;
    private long nextNs;

    /**
     * @param clock           monotonic
     * @param pointsPerSecond positive infinity for no limit
     */
    Pace(NanoClock clock, double pointsPerSecond) {
        this.clock = clock;
        this.pointsPerSecond = pointsPerSecond;
        this.nextNs = clock.nanoTime();
    }

    void rate(double newPointsPerSecond) {
        pointsPerSecond = newPointsPerSecond;
    }

    double rate() {
        return pointsPerSecond;
    }

    /** Returns how long to wait before these points may go, nanoseconds, and counts them as gone. */
    long reserve(int points) {
        long now = clock.nanoTime();
        long startNs = nextNs - now > 0 ? nextNs : now;
        nextNs = startNs + (long) (points * NS_PER_SECOND / pointsPerSecond);
        return startNs - now;
    }

    /** Waits until these points may go; returns whether it had to. */
    boolean await(int points) {
        long waitNs = reserve(points);
        boolean waits = waitNs > 0;
        long deadlineNs = clock.nanoTime() + waitNs;
        while (waitNs > 0 && !Thread.currentThread().isInterrupted()) {
            LockSupport.parkNanos(waitNs);
            waitNs = deadlineNs - clock.nanoTime();
        }
        return waits;
    }
}
