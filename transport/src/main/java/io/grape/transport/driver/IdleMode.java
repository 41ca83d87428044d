package io.grape.transport.driver;

import io.grape.codecs.GrapeException;
import io.grape.codecs.sbe.ErrorCode;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.BackoffIdleStrategy;
import org.agrona.concurrent.BusySpinIdleStrategy;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.SleepingIdleStrategy;
import org.agrona.concurrent.YieldingIdleStrategy;

/**
 * How an agent's thread waits when there is no work, by the name that configuration uses.
 *
 * <p>A park on Linux takes about 70 us more than is asked, so a longest park of 100 us bounds the wait near 170 us while
 * several idle processes share two cores.
 */
public enum IdleMode {
    /** Spins a little, yields a little, then parks up to 100 us: the default, right for few cores. */
    BACKOFF,
    /** Gives the core away and asks for it back: low latency while there are more threads than cores. */
    YIELD,
    /** Sleeps 1 ms: for what is in no hurry. */
    SLEEP,
    /** Never gives the core away: only where each such thread has a core to itself. */
    BUSY_SPIN;

    private static final long MAX_SPINS = 10;
    private static final long MAX_YIELDS = 20;
    private static final long MIN_PARK_NS = TimeUnit.MICROSECONDS.toNanos(1);
    private static final long MAX_PARK_NS = TimeUnit.MICROSECONDS.toNanos(100);
    private static final long SLEEP_NS = TimeUnit.MILLISECONDS.toNanos(1);

    /**
     * Returns the mode of a name.
     *
     * @param name backoff, yield, sleep or busy-spin, in any case
     * @return the mode
     * @throws GrapeException INVALID_CONFIGURATION naming the choices
     */
    public static IdleMode of(String name) {
        return switch (name.toLowerCase(Locale.ROOT)) {
            case "backoff" -> BACKOFF;
            case "yield" -> YIELD;
            case "sleep" -> SLEEP;
            case "busy-spin" -> BUSY_SPIN;
            default ->
                throw new GrapeException(
                        ErrorCode.INVALID_CONFIGURATION,
                        "idleStrategy: '" + name + "' is not one of backoff, yield, sleep, busy-spin");
        };
    }

    /** Returns a strategy for one thread; strategies hold state and are not shared. */
    public IdleStrategy newStrategy() {
        return switch (this) {
            case BACKOFF -> new BackoffIdleStrategy(MAX_SPINS, MAX_YIELDS, MIN_PARK_NS, MAX_PARK_NS);
            case YIELD -> new YieldingIdleStrategy();
            case SLEEP -> new SleepingIdleStrategy(SLEEP_NS);
            case BUSY_SPIN -> new BusySpinIdleStrategy();
        };
    }
}
