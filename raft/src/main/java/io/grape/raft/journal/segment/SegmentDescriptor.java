package io.grape.raft.journal.segment;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Layout of a segment file. {@code docs/spec/journal.md} says why.
 *
 * <pre>
 *   Segment v1, little-endian
 *   offset  size  field          meaning
 *        0     8  magic          the bytes GRAPEJNL
 *        8     4  formatVersion  1
 *       12     4  salt           generation; differs each time the file is used again
 *       16     8  sequence       place in the journal: 0, 1, 2 ...; -1 while the file is free
 *       24     8  segmentLength  bytes of the file
 *       32     4  nodeId         owner
 *       36     4  pipelineId     owner within the node
 *       40     8  basePosition   journal position of the file's first byte: sequence * segmentLength
 *       48     8  firstOrdinal   ordinal of the segment's first batch
 *       56     4  headerCrc      CRC32C of the 56 bytes before
 *       60     4  reserved       0
 *       64     -  frames         until the first 8 bytes that begin no frame of this salt
 * </pre>
 */
public final class SegmentDescriptor {
    /** Version of the format that this code writes. */
    public static final int FORMAT_VERSION = 1;

    /** The bytes GRAPEJNL, read as a little-endian long. */
    public static final long MAGIC = 0x4C_4E_4A_45_50_41_52_47L;

    /** Sequence of a file that holds no part of the journal. */
    public static final long FREE = -1;

    /** Ending of segment file names. */
    public static final String FILE_SUFFIX = ".journal";

    public static final int MAGIC_OFFSET = 0;
    public static final int FORMAT_VERSION_OFFSET = MAGIC_OFFSET + Long.BYTES;
    public static final int SALT_OFFSET = FORMAT_VERSION_OFFSET + Integer.BYTES;
    public static final int SEQUENCE_OFFSET = SALT_OFFSET + Integer.BYTES;
    public static final int SEGMENT_LENGTH_OFFSET = SEQUENCE_OFFSET + Long.BYTES;
    public static final int NODE_ID_OFFSET = SEGMENT_LENGTH_OFFSET + Long.BYTES;
    public static final int PIPELINE_ID_OFFSET = NODE_ID_OFFSET + Integer.BYTES;
    public static final int BASE_POSITION_OFFSET = PIPELINE_ID_OFFSET + Integer.BYTES;
    public static final int FIRST_ORDINAL_OFFSET = BASE_POSITION_OFFSET + Long.BYTES;
    public static final int HEADER_CRC_OFFSET = FIRST_ORDINAL_OFFSET + Long.BYTES;

    /** Bytes before the first frame: one cache line. */
    public static final int HEADER_LENGTH = HEADER_CRC_OFFSET + 2 * Integer.BYTES;

    private SegmentDescriptor() {}

    /**
     * The header of one segment file.
     *
     * @param formatVersion version that wrote it
     * @param salt          generation
     * @param sequence      place in the journal, or {@link #FREE}
     * @param segmentLength bytes of the file
     * @param nodeId        owner
     * @param pipelineId    owner within the node
     * @param firstOrdinal  ordinal of the segment's first batch
     */
    public record Header(
            int formatVersion,
            int salt,
            long sequence,
            long segmentLength,
            int nodeId,
            int pipelineId,
            long firstOrdinal) {

        /** Returns the journal position of the file's first byte; 0 for a free file. */
        public long basePosition() {
            return sequence == FREE ? 0 : sequence * segmentLength;
        }

        /** Returns the header's bytes, ready to be written. */
        public ByteBuffer encode() {
            ByteBuffer bytes = ByteBuffer.allocateDirect(HEADER_LENGTH).order(LITTLE_ENDIAN);
            bytes.putLong(MAGIC_OFFSET, MAGIC)
                    .putInt(FORMAT_VERSION_OFFSET, formatVersion)
                    .putInt(SALT_OFFSET, salt)
                    .putLong(SEQUENCE_OFFSET, sequence)
                    .putLong(SEGMENT_LENGTH_OFFSET, segmentLength)
                    .putInt(NODE_ID_OFFSET, nodeId)
                    .putInt(PIPELINE_ID_OFFSET, pipelineId)
                    .putLong(BASE_POSITION_OFFSET, basePosition())
                    .putLong(FIRST_ORDINAL_OFFSET, firstOrdinal);
            return bytes.putInt(HEADER_CRC_OFFSET, crcOf(bytes));
        }
    }

    /**
     * Returns the header at the start of a file, or null if its magic or its checksum is not right.
     *
     * @param file at least {@link #HEADER_LENGTH} bytes; its position and limit do not matter
     */
    public static @Nullable Header decode(ByteBuffer file) {
        ByteBuffer bytes = file.duplicate().order(LITTLE_ENDIAN);
        bytes.clear();
        if (bytes.getLong(MAGIC_OFFSET) != MAGIC || bytes.getInt(HEADER_CRC_OFFSET) != crcOf(bytes)) {
            return null;
        }
        return new Header(
                bytes.getInt(FORMAT_VERSION_OFFSET),
                bytes.getInt(SALT_OFFSET),
                bytes.getLong(SEQUENCE_OFFSET),
                bytes.getLong(SEGMENT_LENGTH_OFFSET),
                bytes.getInt(NODE_ID_OFFSET),
                bytes.getInt(PIPELINE_ID_OFFSET),
                bytes.getLong(FIRST_ORDINAL_OFFSET));
    }

    /**
     * Returns the salt of a segment. The mixing is a bijection of the sequence's low 32 bits (MurmurHash3, fmix32), so that
     * no two of 2^32 consecutive generations share a salt; the journal's own salt keeps clients from guessing it.
     */
    public static int saltOf(long sequence, int journalSalt) {
        int mixed = (int) sequence;
        mixed = (mixed ^ (mixed >>> 16)) * 0x85EB_CA6B;
        mixed = (mixed ^ (mixed >>> 13)) * 0xC2B2_AE35;
        return mixed ^ (mixed >>> 16) ^ journalSalt;
    }

    /** Returns the journal's own salt, from any segment that carries one. */
    public static int journalSaltOf(Header header) {
        return header.salt() ^ saltOf(header.sequence(), 0);
    }

    private static int crcOf(ByteBuffer header) {
        ByteBuffer covered = header.duplicate();
        covered.limit(HEADER_CRC_OFFSET).position(0);
        CRC32C crc = new CRC32C();
        crc.update(covered);
        return (int) crc.getValue();
    }
}
