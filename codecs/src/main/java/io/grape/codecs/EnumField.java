package io.grape.codecs;

import java.nio.ByteOrder;
import org.agrona.DirectBuffer;

/**
 * Where an enum stands in a block, and which of its encoded values have a meaning.
 *
 * <p>The values are held as a bit set: bit {@code v & 63} of word {@code v >>> 6}. Immutable; any thread.
 */
final class EnumField {
    private final int offset;
    private final int length;
    private final long[] meanings;

    /**
     * @param offset   of the field in its block, bytes
     * @param length   of the field: 1 or 2 bytes, unsigned
     * @param meanings bit set of the values that have a meaning; taken over, never written
     */
    EnumField(int offset, int length, long[] meanings) {
        if (length != 1 && length != 2) {
            throw new IllegalArgumentException("an enum takes 1 or 2 bytes, not " + length);
        }
        this.offset = offset;
        this.length = length;
        this.meanings = meanings;
    }

    /** Returns the bytes of a block up to the field's end. */
    @HotPath
    int end() {
        return offset + length;
    }

    /** Returns whether the field of the block at {@code blockOffset} has a meaning. The block must lie in the buffer. */
    @HotPath
    boolean hasMeaning(DirectBuffer buffer, int blockOffset) {
        int value = length == 1
                ? buffer.getByte(blockOffset + offset) & 0xFF
                : buffer.getShort(blockOffset + offset, ByteOrder.LITTLE_ENDIAN) & 0xFFFF;
        int word = value >>> 6;
        return word < meanings.length && (meanings[word] & 1L << value) != 0;
    }
}
