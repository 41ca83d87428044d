package io.grape.shards.health;

import io.grape.codecs.HotPath;

/**
 * Counts only the time in which this process ran.
 *
 * <p>A process that stood still (stopped, swapped out, collecting) finds on waking that nobody has sent for seconds. The
 * silence is its own. So each look at the clock advances this one by at most {@code maxStepNs}: a detector that lives by
 * it accuses nobody of this process's own pause. Owned by one thread, which must look often.
 */
final class RunningClock {
    private final long maxStepNs;
    private long lastNs;
    private long runningNs;

    /**
     * @param startNs   the injected clock now
     * @param maxStepNs most that one look may advance
     */
    RunningClock(long startNs, long maxStepNs) {
        this.lastNs = startNs;
        this.maxStepNs = maxStepNs;
    }

    /** Looks at the injected clock and returns the time for which this process has run. */
    @HotPath
    long advance(long nowNs) {
        long step = nowNs - lastNs;
        lastNs = nowNs;
        runningNs += Math.max(0, Math.min(step, maxStepNs));
        return runningNs;
    }
}
