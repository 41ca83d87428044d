package io.grape.raft.pipeline;

import io.grape.codecs.HotPath;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import org.agrona.BitUtil;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A circle of bytes that carries message bodies of any length beside a ring of fixed slots.
 *
 * <p>The producer claims a contiguous run and notes its end position in the slot; the consumer gives back everything
 * below a position. Positions only grow, so {@code position mod capacity} is the offset. A run never wraps: what is left
 * before the end of the buffer is skipped.
 *
 * <p>Threads: one producer, one consumer. Allocates nothing after construction.
 */
final class PayloadArena {
    /** The circle has no room for the run now. */
    static final long NO_ROOM = -1;

    private static final VarHandle RELEASED;

    static {
        try {
            RELEASED = MethodHandles.lookup().findVarHandle(PayloadArena.class, "released", long.class);
        } catch (ReflectiveOperationException ex) {
            throw new ExceptionInInitializerError(ex);
        }
    }

    private final UnsafeBuffer buffer;
    private final int capacity;

    private long claimed;
    private long releasedSeen;

    @SuppressWarnings("unused") // written and read through RELEASED
    private long released;

    /**
     * @param capacity bytes; a power of two
     */
    PayloadArena(int capacity) {
        if (!BitUtil.isPowerOfTwo(capacity)) {
            throw new IllegalArgumentException("arena capacity must be a power of two: " + capacity);
        }
        this.capacity = capacity;
        this.buffer = new UnsafeBuffer(ByteBuffer.allocateDirect(capacity));
    }

    /** Returns the longest run that can ever be claimed, bytes. */
    int maxRunLength() {
        return capacity / 4;
    }

    /** Returns the bytes behind the positions. */
    DirectBuffer buffer() {
        return buffer;
    }

    /**
     * Copies a run in. Producer only.
     *
     * @return the position of its first byte, or {@link #NO_ROOM}
     */
    @HotPath
    long put(DirectBuffer source, int offset, int length) {
        int aligned = BitUtil.align(length, Long.BYTES);
        int at = (int) (claimed & (capacity - 1));
        long start = at + aligned > capacity ? claimed + (capacity - at) : claimed;
        long end = start + aligned;
        if (end - releasedSeen > capacity) {
            releasedSeen = (long) RELEASED.getAcquire(this);
            if (end - releasedSeen > capacity) {
                return NO_ROOM;
            }
        }
        buffer.putBytes(offsetOf(start), source, offset, length);
        claimed = end;
        return start;
    }

    /** Returns the position behind the last run that was put. Producer only. */
    long claimedPosition() {
        return claimed;
    }

    /** Returns where a position lies in {@link #buffer()}. */
    @HotPath
    int offsetOf(long position) {
        return (int) (position & (capacity - 1));
    }

    /** Gives back everything below a position. Consumer only. */
    @HotPath
    void releaseBelow(long position) {
        RELEASED.setRelease(this, position);
    }
}
