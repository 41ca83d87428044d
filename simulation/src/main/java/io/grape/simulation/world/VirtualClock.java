package io.grape.simulation.world;

import org.agrona.concurrent.NanoClock;

/** The time of the whole simulation, nanoseconds. It moves only when it is told to, and never back. */
public final class VirtualClock implements NanoClock {
    private long nowNs;

    @Override
    public long nanoTime() {
        return nowNs;
    }

    /** Lets time pass. */
    public void advance(long byNs) {
        if (byNs < 0) {
            throw new IllegalArgumentException("time cannot go back by " + -byNs + " ns");
        }
        nowNs += byNs;
    }
}
