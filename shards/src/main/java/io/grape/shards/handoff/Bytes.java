package io.grape.shards.handoff;

import java.nio.ByteOrder;
import org.agrona.DirectBuffer;
import org.agrona.ExpandableArrayBuffer;

/**
 * Little-endian fields one after the other: written to a buffer that grows, or read with every length checked. Owned by one
 * thread; for states and manifests, not for hot paths.
 */
public final class Bytes {
    private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;

    private final ExpandableArrayBuffer out;
    private final DirectBuffer in;
    private final int end;
    private int at;

    /** Writes from the beginning of a buffer. */
    public Bytes(ExpandableArrayBuffer out) {
        this.out = out;
        this.in = out;
        this.end = Integer.MAX_VALUE;
    }

    /** Reads a part of a buffer. */
    public Bytes(DirectBuffer in, int offset, int length) {
        this.out = new ExpandableArrayBuffer(0);
        this.in = in;
        this.at = offset;
        this.end = offset + length;
    }

    /** Writes a field. */
    public Bytes putInt(int value) {
        out.putInt(at, value, ORDER);
        at += Integer.BYTES;
        return this;
    }

    /** Writes a field. */
    public Bytes putLong(long value) {
        out.putLong(at, value, ORDER);
        at += Long.BYTES;
        return this;
    }

    /** Returns what was written. */
    public byte[] toArray() {
        byte[] bytes = new byte[at];
        out.getBytes(0, bytes);
        return bytes;
    }

    /** Reads a field. */
    public int getInt() {
        require(Integer.BYTES);
        at += Integer.BYTES;
        return in.getInt(at - Integer.BYTES, ORDER);
    }

    /** Reads a field. */
    public long getLong() {
        require(Long.BYTES);
        at += Long.BYTES;
        return in.getLong(at - Long.BYTES, ORDER);
    }

    /** Reads a number from 0 to below a bound. */
    public int getIntBelow(int bound) {
        int value = getInt();
        if (value < 0 || value >= bound) {
            throw new IllegalArgumentException(
                    "the field before offset " + at + " is " + value + ", not below " + bound);
        }
        return value;
    }

    /** Reads how many elements follow, each of so many bytes at least. */
    public int getCount(int elementBytes) {
        int count = getInt();
        if (count < 0 || (long) count * elementBytes > end - at) {
            throw new IllegalArgumentException(count + " elements do not fit into " + (end - at) + " bytes");
        }
        return count;
    }

    /** Reads a version and refuses another one. */
    public void requireVersion(int version, String what) {
        int found = getInt();
        if (found != version) {
            throw new IllegalArgumentException(what + " of version " + found + ", this one reads " + version);
        }
    }

    /** Returns where the next field is. */
    public int position() {
        return at;
    }

    private void require(int bytes) {
        if (bytes > end - at) {
            throw new IllegalArgumentException("ends at offset " + end + ", within a field at " + at);
        }
    }
}
