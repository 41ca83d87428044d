package io.grape.transport.driver;

import io.grape.codecs.HotPath;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.agrona.concurrent.IdleStrategy;
import org.jspecify.annotations.Nullable;

/**
 * How one thread waits, if the threads that make work for it can say so: it backs off as {@link IdleMode#BACKOFF} does, but a park
 * ends when it is woken, and after a turn with work it wakes the threads that may have got work from it.
 *
 * <p>No wake is lost: a thread says that it is about to park before it looks for work another few dozen times, and what is made
 * after that look finds it saying so. In the modes that never park nobody has to be woken, and nobody is.
 *
 * <p>One thread idles; any thread wakes. Links are made before the threads start, or by the thread that starts them.
 */
public final class WakeableIdle implements IdleStrategy {
    /** Longest park of a thread that nobody wakes: as {@link IdleMode#BACKOFF}. */
    public static final long ALONE_NS = TimeUnit.MICROSECONDS.toNanos(100);

    /** Longest park of a thread whose work always comes with a wake: what is due by time is seen so often. */
    public static final long WOKEN_NS = TimeUnit.MILLISECONDS.toNanos(1);

    private static final int SPINS = 10;
    private static final int YIELDS = 20;
    private static final long MIN_PARK_NS = TimeUnit.MICROSECONDS.toNanos(1);
    private static final Link[] NO_LINKS = {};

    private record Link(WakeableIdle next, BooleanSupplier hasWork) {}

    private final @Nullable IdleStrategy neverParks;
    private final long maxParkNs;
    private volatile Link[] links = NO_LINKS;
    private volatile @Nullable Thread idling;
    private int turns;
    private long parkNs = MIN_PARK_NS;

    /**
     * @param mode      BACKOFF parks; the others are as they are
     * @param maxParkNs longest park, nanoseconds; {@link #ALONE_NS} or {@link #WOKEN_NS}
     */
    public WakeableIdle(IdleMode mode, long maxParkNs) {
        this.neverParks = mode == IdleMode.BACKOFF ? null : mode.newStrategy();
        this.maxParkNs = maxParkNs;
    }

    /**
     * Wakes another thread after each turn with work, if that thread then has work.
     *
     * @param next    the other thread's
     * @param hasWork asked on this thread
     */
    public void wakes(WakeableIdle next, BooleanSupplier hasWork) {
        Link[] before = links;
        Link[] after = new Link[before.length + 1];
        System.arraycopy(before, 0, after, 0, before.length);
        after[before.length] = new Link(next, hasWork);
        links = after;
    }

    /** Wakes another thread after each turn with work. */
    public void wakes(WakeableIdle next) {
        wakes(next, () -> true);
    }

    /** Ends the park of the thread that idles with this, or the next one if it is about to park. */
    @HotPath
    public void wake() {
        Thread thread = idling;
        if (thread != null) {
            LockSupport.unpark(thread);
        }
    }

    @Override
    @HotPath
    public void idle(int workCount) {
        if (workCount > 0) {
            reset();
            for (Link link : links) {
                if (link.next.idling != null && link.hasWork.getAsBoolean()) {
                    link.next.wake();
                }
            }
        } else {
            idle();
        }
    }

    @Override
    @HotPath
    @SuppressWarnings("ThreadPriorityCheck") // to yield is what this mode does before it parks
    public void idle() {
        if (neverParks != null) {
            neverParks.idle();
            return;
        }
        if (turns == 0) {
            idling = Thread.currentThread();
        }
        if (turns < SPINS) {
            turns++;
            Thread.onSpinWait();
        } else if (turns < SPINS + YIELDS) {
            turns++;
            Thread.yield();
        } else {
            LockSupport.parkNanos(this, parkNs);
            parkNs = Math.min(parkNs * 2, maxParkNs);
        }
    }

    @Override
    @HotPath
    public void reset() {
        if (neverParks != null) {
            neverParks.reset();
        }
        if (turns > 0) {
            turns = 0;
            idling = null;
            parkNs = maxParkNs > ALONE_NS ? maxParkNs : MIN_PARK_NS;
        }
    }

    @Override
    public String alias() {
        return "wakeable";
    }
}
