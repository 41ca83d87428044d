package io.grape.raft.pipeline;

import io.grape.codecs.HotPath;
import java.nio.ByteBuffer;
import org.agrona.BitUtil;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Messages that must not leave before the disk holds what they claim: votes, acknowledgements, a candidate's requests.
 *
 * <p>Each is kept with the ordinal of the journal write that covers it, and is released in order once that write is
 * durable. Thread: the pipeline. Allocates nothing after construction.
 *
 * <pre>
 * Held message, in a circle of bytes
 * offset  size  field
 *      0     8  ordinal of the write that must be durable
 *      8     4  destination node
 *     12     4  length of the message; -1: skip to the start of the circle
 *     16     n  message, padded to 16, so that a header never meets the end of the circle
 * </pre>
 */
final class DurableOutbox {
    private static final int HEADER = 16;
    private static final int SKIP = -1;

    private final UnsafeBuffer buffer;
    private final int capacity;
    private long head;
    private long tail;
    private long lastWrite;

    /**
     * @param capacity bytes; a power of two
     */
    DurableOutbox(int capacity) {
        if (!BitUtil.isPowerOfTwo(capacity)) {
            throw new IllegalArgumentException("outbox capacity must be a power of two: " + capacity);
        }
        this.capacity = capacity;
        this.buffer = new UnsafeBuffer(ByteBuffer.allocateDirect(capacity));
    }

    /**
     * Holds a message until a journal write is durable; ordinals must not fall.
     *
     * @return false when the outbox is full and the message is dropped, which Raft repairs by repeating
     */
    @HotPath
    boolean hold(long write, int nodeId, DirectBuffer message, int offset, int length) {
        int need = BitUtil.align(HEADER + length, HEADER);
        int at = (int) (tail & (capacity - 1));
        int skip = at + need > capacity ? capacity - at : 0;
        if (tail + skip + need - head > capacity) {
            return false;
        }
        if (skip > 0) {
            buffer.putInt(at + 12, SKIP);
            tail += skip;
            at = 0;
        }
        lastWrite = Math.max(lastWrite, write);
        buffer.putLong(at, lastWrite);
        buffer.putInt(at + 8, nodeId);
        buffer.putInt(at + 12, length);
        buffer.putBytes(at + HEADER, message, offset, length);
        tail += need;
        return true;
    }

    /**
     * Sends everything that depends on a durable write.
     *
     * @return messages sent
     */
    @HotPath
    int release(long durableWrite, PeerSender sender) {
        int sent = 0;
        while (head < tail) {
            int at = (int) (head & (capacity - 1));
            int length = buffer.getInt(at + 12);
            if (length == SKIP) {
                head += capacity - at;
                continue;
            }
            if (buffer.getLong(at) > durableWrite) {
                break;
            }
            sender.send(buffer.getInt(at + 8), buffer, at + HEADER, length);
            head += BitUtil.align(HEADER + length, HEADER);
            sent++;
        }
        return sent;
    }

    /** Tells whether nothing is held. */
    boolean isEmpty() {
        return head == tail;
    }
}
