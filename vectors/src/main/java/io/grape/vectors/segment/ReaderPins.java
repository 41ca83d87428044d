package io.grape.vectors.segment;

import io.grape.vectors.model.HotPath;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Epoch-based reclamation (K. Fraser, "Practical lock-freedom", 2004, section 5.2.3): a resource is closed only when
 * every reader that could have seen it has left.
 *
 * <p>A reader owns one {@link Pin}, announces the epoch it entered in, and clears it on leaving. The writer takes a
 * resource out of reach first, then retires it; a pin that was set later cannot reach it. Threads: {@code retire} and
 * {@code reclaim} belong to the writer; a pin belongs to its reader; {@code newPin} is for anyone.
 */
public final class ReaderPins {
    private static final long IDLE = Long.MAX_VALUE;

    private final AtomicLong epoch = new AtomicLong(1);
    private final CopyOnWriteArrayList<Pin> pins = new CopyOnWriteArrayList<>();
    private final ArrayDeque<Retired> retired = new ArrayDeque<>();

    private record Retired(long epoch, Runnable close) {}

    /** A reader's place; at most one thread uses it at a time. */
    public final class Pin {
        // Alone on its cache lines as far as the object layout allows: readers on other cores write theirs often.
        private final AtomicLong entered = new AtomicLong(IDLE);

        /** Keeps everything reachable from now on mapped until {@link #leave}. */
        @HotPath
        public void enter() {
            entered.set(epoch.get());
        }

        /** Lets go. Nothing seen since {@link #enter} may be used any more. */
        @HotPath
        public void leave() {
            entered.setRelease(IDLE);
        }

        /** Gives the place up. */
        public void close() {
            pins.remove(this);
        }
    }

    /** A place for a new reader. */
    public Pin newPin() {
        Pin pin = new Pin();
        pins.add(pin);
        return pin;
    }

    /** Queues a resource that no new reader can reach any more. */
    public void retire(Runnable close) {
        retired.add(new Retired(epoch.getAndIncrement(), close));
    }

    /** Closes what no reader holds; returns how many. */
    public int reclaim() {
        if (retired.isEmpty()) {
            return 0;
        }
        long oldest = oldestEntered();
        List<Retired> free = new ArrayList<>();
        while (!retired.isEmpty() && retired.peek().epoch() < oldest) {
            free.add(retired.remove());
        }
        free.forEach(resource -> resource.close().run());
        return free.size();
    }

    /** Whether something waits to be closed. */
    @HotPath
    public boolean hasRetired() {
        return !retired.isEmpty();
    }

    /** Whether any reader holds on to something right now. Any thread; a hint. */
    public boolean anyEntered() {
        return oldestEntered() != IDLE;
    }

    private long oldestEntered() {
        long oldest = IDLE;
        for (Pin pin : pins) {
            oldest = Math.min(oldest, pin.entered.get());
        }
        return oldest;
    }
}
