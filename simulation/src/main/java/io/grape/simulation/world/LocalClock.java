package io.grape.simulation.world;

import org.agrona.concurrent.NanoClock;

/**
 * One machine's monotonic clock: it starts anywhere, runs a little too fast or too slow, and jumps ahead when the machine was
 * suspended. Monotonic clocks never go back, so neither does this one.
 */
public final class LocalClock implements NanoClock {
    private static final long MILLION = 1_000_000;

    private final NanoClock world;
    private long driftPerMillion;
    private long worldBaseNs;
    private long localBaseNs;

    /**
     * @param world   the simulation's time
     * @param startNs what this clock shows now
     */
    public LocalClock(NanoClock world, long startNs) {
        this.world = world;
        this.worldBaseNs = world.nanoTime();
        this.localBaseNs = startNs;
    }

    @Override
    public long nanoTime() {
        long elapsedNs = world.nanoTime() - worldBaseNs;
        return localBaseNs + elapsedNs + elapsedNs * driftPerMillion / MILLION;
    }

    /** Jumps ahead. */
    public void jump(long byNs) {
        if (byNs < 0) {
            throw new IllegalArgumentException("a monotonic clock cannot go back by " + -byNs + " ns");
        }
        rebase();
        localBaseNs += byNs;
    }

    /** Runs too fast from now on by so many parts of a million, or too slow if negative. */
    public void drift(long perMillion) {
        if (perMillion <= -MILLION) {
            throw new IllegalArgumentException("a clock must run forward: " + perMillion);
        }
        rebase();
        driftPerMillion = perMillion;
    }

    private void rebase() {
        localBaseNs = nanoTime();
        worldBaseNs = world.nanoTime();
    }
}
