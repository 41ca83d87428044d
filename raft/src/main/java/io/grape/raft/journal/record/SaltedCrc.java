package io.grape.raft.journal.record;

import io.grape.codecs.HotPath;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * CRC32C (RFC 3720, appendix B.4) over a salt, a length and a range of bytes.
 *
 * <p>The salt is the generation of the segment, so that what a recycled file held before never passes. Not thread-safe;
 * allocates nothing after construction.
 */
public final class SaltedCrc {
    private final CRC32C crc = new CRC32C();
    private final byte[] seed = new byte[2 * Integer.BYTES];

    /**
     * Returns the checksum of a range.
     *
     * @param bytes  its position and limit are moved
     * @param from   first byte
     * @param to     byte after the last
     * @param salt   generation of the segment
     * @param length length that the range claims for itself
     */
    @HotPath
    public int of(ByteBuffer bytes, int from, int to, int salt, int length) {
        putInt(0, salt);
        putInt(Integer.BYTES, length);
        crc.reset();
        crc.update(seed, 0, seed.length);
        bytes.limit(to).position(from);
        crc.update(bytes);
        return (int) crc.getValue();
    }

    @HotPath
    private void putInt(int offset, int value) {
        seed[offset] = (byte) value;
        seed[offset + 1] = (byte) (value >>> 8);
        seed[offset + 2] = (byte) (value >>> 16);
        seed[offset + 3] = (byte) (value >>> 24);
    }
}
