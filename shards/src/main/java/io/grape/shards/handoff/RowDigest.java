package io.grape.shards.handoff;

import io.grape.codecs.HotPath;
import java.nio.ByteOrder;
import org.agrona.DirectBuffer;

/**
 * Adds rows to a digest that does not depend on their order, and takes them out again.
 *
 * <p>Each half of a row's hash is a chain of SplitMix64 finalisers (Steele, Lea and Flood, 2014) over its 8-byte words, with
 * another start and another constant for each half; lengths are part of the chain. It guards against loss and damage, not
 * against somebody who forges rows. Owned by one thread; allocates nothing until {@link #digest}.
 */
public final class RowDigest {
    private static final long HIGH_START = 0x6A09_E667_F3BC_C908L;
    private static final long LOW_START = 0xBB67_AE85_84CA_A73BL;
    private static final long HIGH_STEP = 0x9E37_79B9_7F4A_7C15L;
    private static final long LOW_STEP = 0xD1B5_4A32_D192_ED03L;

    private long rows;
    private long high;
    private long low;
    private long rowHigh;
    private long rowLow;

    /** Begins a row. {@link #bytes} and {@link #add} or {@link #remove} follow. */
    @HotPath
    public RowDigest row(int collectionId, long idMost, long idLeast, long version) {
        rowHigh = HIGH_START;
        rowLow = LOW_START;
        word(collectionId);
        word(idMost);
        word(idLeast);
        word(version);
        return this;
    }

    /** Takes bytes of the row that was begun: its vector, then its payload. */
    @HotPath
    public RowDigest bytes(DirectBuffer buffer, int offset, int length) {
        int at = offset;
        int end = offset + length;
        for (; at <= end - Long.BYTES; at += Long.BYTES) {
            word(buffer.getLong(at, ByteOrder.LITTLE_ENDIAN));
        }
        long rest = 0;
        for (int shift = 0; at < end; at++, shift += Byte.SIZE) {
            rest |= (buffer.getByte(at) & 0xFFL) << shift;
        }
        word(rest);
        word(length);
        return this;
    }

    /** Adds the row that was begun. */
    @HotPath
    public void add() {
        rows++;
        high += rowHigh;
        low += rowLow;
    }

    /** Takes the row that was begun out again. */
    @HotPath
    public void remove() {
        rows--;
        high -= rowHigh;
        low -= rowLow;
    }

    /** Forgets every row. */
    @HotPath
    public void clear() {
        rows = 0;
        high = 0;
        low = 0;
    }

    /** Returns what the rows come to. */
    public ContentDigest digest() {
        return new ContentDigest(rows, high, low);
    }

    @HotPath
    private void word(long value) {
        rowHigh = mix((rowHigh ^ value) + HIGH_STEP);
        rowLow = mix((rowLow + Long.rotateLeft(value, 29)) * LOW_STEP + 1);
    }

    @HotPath
    private static long mix(long value) {
        long z = (value ^ (value >>> 30)) * 0xBF58_476D_1CE4_E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D0_49BB_1331_11EBL;
        return z ^ (z >>> 31);
    }
}
