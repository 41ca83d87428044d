package io.grape.node.metrics;

import io.grape.codecs.HotPath;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicLongArray;
import org.agrona.BitUtil;

/**
 * When the requests came that are not answered yet, as well as a table of fixed size can remember them.
 *
 * <p>A request whose slot is taken by a later one is forgotten: its answer is not timed. So the times are a sample, and a
 * flood of requests costs accuracy and never memory.
 *
 * <pre>
 *  slot, 8 longs
 *  0  stamp        odd while it is being written        release / acquire
 *  1  session      2  correlation   3  arrival, ns   4  kind      opaque
 *  5..7            unused: a slot is a cache line
 * </pre>
 *
 * <p>Threads: one writer; any reader.
 */
final class Arrivals {
    /** No such request is remembered. */
    static final long UNKNOWN = Long.MIN_VALUE;

    private static final int SLOT_LONGS = 8;
    private static final int STAMP = 0;
    private static final int SESSION = 1;
    private static final int CORRELATION = 2;
    private static final int ARRIVAL = 3;
    private static final int KIND = 4;

    private final AtomicLongArray slots;
    private final int mask;

    /**
     * @param capacity requests remembered at once; a power of two
     */
    Arrivals(int capacity) {
        if (!BitUtil.isPowerOfTwo(capacity)) {
            throw new IllegalArgumentException(capacity + " is not a power of two");
        }
        this.slots = new AtomicLongArray(capacity * SLOT_LONGS);
        this.mask = capacity - 1;
    }

    /** Remembers a request. The writer's thread. */
    @HotPath
    void put(long sessionId, long correlationId, long nowNs, int kind) {
        int at = slot(sessionId, correlationId);
        long stamp = slots.getPlain(at + STAMP);
        slots.setOpaque(at + STAMP, stamp + 1);
        VarHandle.storeStoreFence();
        slots.setOpaque(at + SESSION, sessionId);
        slots.setOpaque(at + CORRELATION, correlationId);
        slots.setOpaque(at + ARRIVAL, nowNs);
        slots.setOpaque(at + KIND, kind);
        slots.setRelease(at + STAMP, stamp + 2);
    }

    /**
     * Looks a request up.
     *
     * @return its arrival in the upper bits and its kind in the lowest eight, see {@link #elapsedNs} and {@link #kind};
     *     {@link #UNKNOWN} if it is not remembered
     */
    @HotPath
    long find(long sessionId, long correlationId) {
        int at = slot(sessionId, correlationId);
        long stamp = slots.getAcquire(at + STAMP);
        boolean isIt = stamp > 0
                && (stamp & 1) == 0
                && slots.getOpaque(at + SESSION) == sessionId
                && slots.getOpaque(at + CORRELATION) == correlationId;
        long packed = (slots.getOpaque(at + ARRIVAL) << Byte.SIZE) | slots.getOpaque(at + KIND);
        VarHandle.loadLoadFence();
        return isIt && slots.getOpaque(at + STAMP) == stamp ? packed : UNKNOWN;
    }

    /** Returns how long ago a request came, to 55 bits of nanoseconds: more than a year. */
    @HotPath
    static long elapsedNs(long found, long nowNs) {
        return ((nowNs << Byte.SIZE) - (found & (-1L << Byte.SIZE))) >> Byte.SIZE;
    }

    /** Returns the kind of a found request. */
    @HotPath
    static int kind(long found) {
        return (int) (found & 0xFF);
    }

    @HotPath
    private int slot(long sessionId, long correlationId) {
        long mixed = (sessionId ^ correlationId * 0x9E37_79B9_7F4A_7C15L) * 0xD6E8_FEB8_6659_FD93L;
        return ((int) (mixed >>> 40) & mask) * SLOT_LONGS;
    }
}
