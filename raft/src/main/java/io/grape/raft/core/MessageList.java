package io.grape.raft.core;

import io.grape.codecs.HotPath;
import java.util.Arrays;
import org.agrona.BitUtil;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Encoded messages, one after the other in one buffer, each with its destination.
 *
 * <p>Grows when it must and never shrinks, so a warm list allocates nothing. Thread: its owner's.
 */
public final class MessageList {
    private static final int ALIGNMENT = 8;

    private final UnsafeBuffer buffer;
    private int[] destinations;
    private int[] offsets;
    private int[] lengths;
    private int count;
    private int end;

    MessageList(int initialBytes) {
        buffer = new UnsafeBuffer(new byte[BitUtil.align(initialBytes, ALIGNMENT)]);
        destinations = new int[64];
        offsets = new int[64];
        lengths = new int[64];
    }

    /** Returns how many messages there are. */
    public int count() {
        return count;
    }

    /** Returns the node that message {@code i} is for. */
    public int destinationNodeId(int i) {
        return destinations[i];
    }

    /** Returns the buffer that holds every message; valid until the list is cleared. */
    public DirectBuffer buffer() {
        return buffer;
    }

    /** Returns where message {@code i} begins in {@link #buffer()}: at its message header. */
    public int offset(int i) {
        return offsets[i];
    }

    /** Returns the bytes of message {@code i}, header included. */
    public int length(int i) {
        return lengths[i];
    }

    /** Returns the bytes that all messages take. */
    public int bytes() {
        return end;
    }

    /** Forgets every message. */
    public void clear() {
        count = 0;
        end = 0;
    }

    /** Makes room for a message of at most so many bytes and returns where it begins. */
    @HotPath
    int begin(int maxLength) {
        if (end + maxLength > buffer.capacity() || count == offsets.length) {
            grow(maxLength);
        }
        return end;
    }

    /** Returns the buffer to encode into, at the offset that {@link #begin} gave. */
    MutableDirectBuffer target() {
        return buffer;
    }

    /** Accepts the message that was encoded after {@link #begin}. */
    @HotPath
    void commit(int destinationNodeId, int length) {
        destinations[count] = destinationNodeId;
        offsets[count] = end;
        lengths[count] = length;
        count++;
        end += BitUtil.align(length, ALIGNMENT);
    }

    private void grow(int maxLength) {
        if (end + maxLength > buffer.capacity()) {
            long wanted = Math.max((long) buffer.capacity() * 2, (long) end + maxLength);
            int capacity = BitUtil.align((int) Math.min(wanted, Integer.MAX_VALUE - 64), ALIGNMENT);
            buffer.wrap(Arrays.copyOf(buffer.byteArray(), capacity));
        }
        if (count == offsets.length) {
            destinations = Arrays.copyOf(destinations, count * 2);
            offsets = Arrays.copyOf(offsets, count * 2);
            lengths = Arrays.copyOf(lengths, count * 2);
        }
    }
}
