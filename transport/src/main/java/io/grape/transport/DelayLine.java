package io.grape.transport;

import io.grape.transport.fault.LinkFaults;
import java.util.PriorityQueue;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Carries out what {@link LinkFaults} decides: loses, duplicates, or holds a copy back until it is due.
 *
 * <p>One thread, the one that sends. It allocates, because it is not there when nothing is injected. At most
 * {@link #MAX_HELD} copies are held; more are lost, as on a full queue of a network.
 */
final class DelayLine {
    /** Most copies held back at a time. */
    static final int MAX_HELD = 10_000;

    /** Where copies go when their time has come. */
    @FunctionalInterface
    interface Outlet {
        /**
         * Offers one message.
         *
         * @param peerNodeId to whom
         * @param buffer     holds the message
         * @param offset     of its first byte
         * @param length     of the message in bytes
         * @return what became of it
         */
        SendOutcome offer(int peerNodeId, DirectBuffer buffer, int offset, int length);
    }

    private record Held(long dueNs, long ordinal, int peerNodeId, UnsafeBuffer message) implements Comparable<Held> {
        @Override
        public int compareTo(Held other) {
            long difference = dueNs - other.dueNs;
            return difference != 0 ? Long.signum(difference) : Long.compare(ordinal, other.ordinal);
        }
    }

    private final Outlet outlet;
    private final PriorityQueue<Held> held = new PriorityQueue<>();
    private long nextOrdinal;

    /**
     * @param outlet where copies go
     */
    DelayLine(Outlet outlet) {
        this.outlet = outlet;
    }

    /**
     * Sends one message under faults.
     *
     * @param faults     decide
     * @param peerNodeId to whom
     * @param buffer     holds the message
     * @param offset     of its first byte
     * @param length     of the message in bytes
     * @param nowNs      monotonic, nanoseconds
     * @return what the sender sees: SENT for what was lost or held back
     */
    SendOutcome send(LinkFaults faults, int peerNodeId, DirectBuffer buffer, int offset, int length, long nowNs) {
        release(nowNs);
        SendOutcome seen = SendOutcome.SENT;
        int copies = faults.copies(peerNodeId);
        for (int i = 0; i < copies; i++) {
            long delayNs = faults.delayNs(peerNodeId);
            if (delayNs > 0) {
                hold(peerNodeId, buffer, offset, length, nowNs + delayNs);
            } else {
                seen = outlet.offer(peerNodeId, buffer, offset, length);
            }
        }
        return seen;
    }

    private void hold(int peerNodeId, DirectBuffer buffer, int offset, int length, long dueNs) {
        if (held.size() < MAX_HELD) {
            byte[] copy = new byte[length];
            buffer.getBytes(offset, copy);
            held.add(new Held(dueNs, nextOrdinal++, peerNodeId, new UnsafeBuffer(copy)));
        }
    }

    /**
     * Offers what is due; what is not accepted then is lost, as on a real network.
     *
     * @param nowNs monotonic, nanoseconds
     * @return copies offered
     */
    int release(long nowNs) {
        int released = 0;
        for (Held next = held.peek(); next != null && nowNs - next.dueNs() >= 0; next = held.peek()) {
            held.remove();
            outlet.offer(next.peerNodeId(), next.message(), 0, next.message().capacity());
            released++;
        }
        return released;
    }

    /** Returns how many copies are held back. */
    int heldCount() {
        return held.size();
    }
}
