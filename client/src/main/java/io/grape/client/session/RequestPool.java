package io.grape.client.session;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.ManyToManyConcurrentArrayQueue;
import org.jspecify.annotations.Nullable;

/** The free slots: their number bounds what is in flight, and an empty pool is the back-pressure that callers feel. */
final class RequestPool {
    private final RequestSlot[] slots;
    private final ManyToManyConcurrentArrayQueue<RequestSlot> free;
    private final Semaphore permits;

    RequestPool(int size) {
        slots = new RequestSlot[size];
        free = new ManyToManyConcurrentArrayQueue<>(Math.max(2, size));
        permits = new Semaphore(size);
        for (int i = 0; i < size; i++) {
            slots[i] = new RequestSlot(i);
            free.offer(slots[i]);
        }
    }

    /**
     * Takes a free slot; any thread.
     *
     * @param timeoutNs longest wait, 0 for none
     * @return a slot, or null if there is none in time
     * @throws InterruptedException if the waiting thread is interrupted
     */
    @Nullable
    RequestSlot acquire(long timeoutNs) throws InterruptedException {
        boolean granted =
                permits.tryAcquire() || (timeoutNs > 0 && permits.tryAcquire(timeoutNs, TimeUnit.NANOSECONDS));
        if (!granted) {
            return null;
        }
        RequestSlot slot;
        do {
            slot = free.poll();
        } while (slot == null);
        return slot;
    }

    /** Gives a slot back; any thread. */
    void release(RequestSlot slot) {
        slot.handler = null;
        slot.state = RequestSlot.State.FREE;
        free.offer(slot);
        permits.release();
    }

    int inUse() {
        return slots.length - permits.availablePermits();
    }

    int size() {
        return slots.length;
    }

    RequestSlot at(int index) {
        return slots[index];
    }
}
