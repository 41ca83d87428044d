package io.grape.raft.journal.record;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import io.grape.codecs.HotPath;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * Layout of journal records, and of the frames that they form. {@code docs/spec/journal.md} says why.
 *
 * <pre>
 *   Record v1, little-endian, begins at a multiple of 8
 *   offset  size  field       meaning
 *        0     4  length      bytes of header and payload; the padding to 8 bytes is not counted
 *        4     4  crc         CRC32C of salt, length and the bytes from offset 8 to length
 *        8     1  recordType  FILLER 0, ENTRY 1, HARD_STATE 2, TRUNCATION 3, SNAPSHOT_MARK 4,
 *                             BATCH_HEADER 5, BATCH_TRAILER 6, GROUP_STATE 7
 *        9     1  entryType   SBE EntryType of an ENTRY; otherwise 0
 *       10     2  reserved    0
 *       12     4  groupId     Raft group; 0 in batch records
 *       16     8  term        term of the entry, mark or hard state; of the new last entry in a TRUNCATION; ordinal of
 *                             the batch in batch records
 *       24     8  index       index of the entry, mark or first removed entry; commit index of a hard state or group
 *                             state; number of records between header and trailer in batch records
 *       32     -  payload     length - 32 bytes, then zeros up to a multiple of 8
 *
 *   Frame v1                                      Payload of BATCH_HEADER
 *        0    56  BATCH_HEADER                        0     4  frameLength     bytes of the whole frame
 *       56     -  records                             4     4  acknowledged    1: replies wait for a force
 *        -    40  BATCH_TRAILER                       8     8  forcedPosition  all before it was forced
 *                                                    16     4  reserved        0
 *                                                    20     4  opening         random, of this opening of the journal
 *
 *   Payload of BATCH_TRAILER                      Payload of HARD_STATE
 *        0     4  frameCrc  CRC32C of salt,           0     4  votedFor        node, or -1
 *                           frameLength and the       4     4  reserved        0
 *                           frame up to the trailer
 *        4     4  reserved  0                     Payload of GROUP_STATE
 *                                                     0     4  votedFor        node, or -1
 *                                                     4     4  repair          WHOLE 0, UNDER_REPAIR 1, REPAIRED 2
 *                                                     8     8  markIndex       the log begins after it
 *                                                    16     8  markTerm        term at markIndex
 *                                                    24     8  lastIndex       last of the log
 *   Payload of SNAPSHOT_MARK                         32     8  lastTerm        term at lastIndex
 *        0     8  lastIndex  last of the log after    40     8  repairThrough   may have been acknowledged
 *                            the mark             Payload of LIFE
 *                                                     0     8  diskId          of the node
 *                                                     8     4  state           KNOWN 0, FORMED 1, EXCLUDED 2,
 *                                                                              FORGOTTEN 3
 *                                                    12     4  reserved        0
 * </pre>
 */
public final class RecordDescriptor {
    /** Records begin at multiples of this many bytes. */
    public static final int ALIGNMENT = 8;

    public static final int LENGTH_OFFSET = 0;
    public static final int CRC_OFFSET = LENGTH_OFFSET + Integer.BYTES;
    public static final int RECORD_TYPE_OFFSET = CRC_OFFSET + Integer.BYTES;
    public static final int ENTRY_TYPE_OFFSET = RECORD_TYPE_OFFSET + Byte.BYTES;
    public static final int RESERVED_OFFSET = ENTRY_TYPE_OFFSET + Byte.BYTES;
    public static final int GROUP_ID_OFFSET = RESERVED_OFFSET + Short.BYTES;
    public static final int TERM_OFFSET = GROUP_ID_OFFSET + Integer.BYTES;
    public static final int INDEX_OFFSET = TERM_OFFSET + Long.BYTES;

    /** Bytes of a record's header; the payload follows. */
    public static final int HEADER_LENGTH = INDEX_OFFSET + Long.BYTES;

    public static final int FRAME_LENGTH_OFFSET = HEADER_LENGTH;
    public static final int ACKNOWLEDGED_OFFSET = FRAME_LENGTH_OFFSET + Integer.BYTES;
    public static final int FORCED_POSITION_OFFSET = ACKNOWLEDGED_OFFSET + Integer.BYTES;

    /** Last in the header on purpose: any sector boundary in it parts the number from the CRC that covers it. */
    public static final int OPENING_OFFSET = FORCED_POSITION_OFFSET + Long.BYTES + Integer.BYTES;

    /** Bytes of a BATCH_HEADER record. */
    public static final int BATCH_HEADER_LENGTH = OPENING_OFFSET + Integer.BYTES;

    public static final int FRAME_CRC_OFFSET = HEADER_LENGTH;

    /** Bytes of a BATCH_TRAILER record. */
    public static final int BATCH_TRAILER_LENGTH = FRAME_CRC_OFFSET + 2 * Integer.BYTES;

    public static final int VOTED_FOR_OFFSET = HEADER_LENGTH;

    /** Bytes of a HARD_STATE record. */
    public static final int HARD_STATE_LENGTH = VOTED_FOR_OFFSET + 2 * Integer.BYTES;

    public static final int REPAIR_OFFSET = VOTED_FOR_OFFSET + Integer.BYTES;
    public static final int MARK_INDEX_OFFSET = HARD_STATE_LENGTH;
    public static final int MARK_TERM_OFFSET = MARK_INDEX_OFFSET + Long.BYTES;
    public static final int LAST_INDEX_OFFSET = MARK_TERM_OFFSET + Long.BYTES;
    public static final int LAST_TERM_OFFSET = LAST_INDEX_OFFSET + Long.BYTES;

    public static final int REPAIR_THROUGH_OFFSET = LAST_TERM_OFFSET + Long.BYTES;

    /** Bytes of a GROUP_STATE record. */
    public static final int GROUP_STATE_LENGTH = REPAIR_THROUGH_OFFSET + Long.BYTES;

    /** The group's log is whole. */
    public static final int WHOLE = 0;

    /** The group lost records to damage, and is repaired from its peers. */
    public static final int UNDER_REPAIR = 1;

    /** The repair of the group is over; what the record says holds. */
    public static final int REPAIRED = 2;

    public static final int LIFE_DISK_OFFSET = HEADER_LENGTH;
    public static final int LIFE_STATE_OFFSET = LIFE_DISK_OFFSET + Long.BYTES;

    /** Bytes of a LIFE record. */
    public static final int LIFE_LENGTH = LIFE_STATE_OFFSET + 2 * Integer.BYTES;

    public static final int MARK_LAST_INDEX_OFFSET = HEADER_LENGTH;

    /** Bytes of a SNAPSHOT_MARK record. */
    public static final int SNAPSHOT_MARK_LENGTH = MARK_LAST_INDEX_OFFSET + Long.BYTES;

    /** Bytes that a frame needs besides its records. */
    public static final int FRAME_OVERHEAD = BATCH_HEADER_LENGTH + BATCH_TRAILER_LENGTH;

    public static final int FILLER = 0;
    public static final int ENTRY = 1;
    public static final int HARD_STATE = 2;
    public static final int TRUNCATION = 3;
    public static final int SNAPSHOT_MARK = 4;
    public static final int BATCH_HEADER = 5;
    public static final int BATCH_TRAILER = 6;
    public static final int GROUP_STATE = 7;
    public static final int LIFE = 8;

    /** Replies to this batch left as soon as it was written. */
    public static final int ACKNOWLEDGED_ON_WRITE = 0;

    /** Replies to this batch waited for a force. */
    public static final int ACKNOWLEDGED_ON_FORCE = 1;

    private RecordDescriptor() {}

    /** Returns the bytes that a record of this length takes, padding included. */
    @HotPath
    public static int align(int length) {
        return (length + (ALIGNMENT - 1)) & -ALIGNMENT;
    }

    /** Writes every field of a record's header but the CRC. */
    @HotPath
    public static void putHeader(
            MutableDirectBuffer buffer, int offset, int length, int types, int groupId, long term, long index) {
        buffer.putInt(offset + LENGTH_OFFSET, length, LITTLE_ENDIAN);
        buffer.putInt(offset + CRC_OFFSET, 0, LITTLE_ENDIAN);
        buffer.putInt(offset + RECORD_TYPE_OFFSET, types, LITTLE_ENDIAN);
        buffer.putInt(offset + GROUP_ID_OFFSET, groupId, LITTLE_ENDIAN);
        buffer.putLong(offset + TERM_OFFSET, term, LITTLE_ENDIAN);
        buffer.putLong(offset + INDEX_OFFSET, index, LITTLE_ENDIAN);
    }

    /** Returns the record type and the entry type as the four bytes that hold them. */
    @HotPath
    public static int types(int recordType, int entryType) {
        return recordType | entryType << Byte.SIZE;
    }

    @HotPath
    public static int length(DirectBuffer buffer, int offset) {
        return buffer.getInt(offset + LENGTH_OFFSET, LITTLE_ENDIAN);
    }

    @HotPath
    public static int crc(DirectBuffer buffer, int offset) {
        return buffer.getInt(offset + CRC_OFFSET, LITTLE_ENDIAN);
    }

    @HotPath
    public static int recordType(DirectBuffer buffer, int offset) {
        return buffer.getByte(offset + RECORD_TYPE_OFFSET) & 0xFF;
    }

    @HotPath
    public static short entryType(DirectBuffer buffer, int offset) {
        return (short) (buffer.getByte(offset + ENTRY_TYPE_OFFSET) & 0xFF);
    }

    @HotPath
    public static int groupId(DirectBuffer buffer, int offset) {
        return buffer.getInt(offset + GROUP_ID_OFFSET, LITTLE_ENDIAN);
    }

    @HotPath
    public static long term(DirectBuffer buffer, int offset) {
        return buffer.getLong(offset + TERM_OFFSET, LITTLE_ENDIAN);
    }

    @HotPath
    public static long index(DirectBuffer buffer, int offset) {
        return buffer.getLong(offset + INDEX_OFFSET, LITTLE_ENDIAN);
    }

    /** Returns the four-byte field at {@code field} of the record at {@code offset}. */
    @HotPath
    public static int intField(DirectBuffer buffer, int offset, int field) {
        return buffer.getInt(offset + field, LITTLE_ENDIAN);
    }

    /** Returns the eight-byte field at {@code field} of the record at {@code offset}. */
    @HotPath
    public static long longField(DirectBuffer buffer, int offset, int field) {
        return buffer.getLong(offset + field, LITTLE_ENDIAN);
    }

    /** Returns the name that the specification gives to a record type. */
    public static String nameOf(int recordType) {
        return switch (recordType) {
            case FILLER -> "FILLER";
            case ENTRY -> "ENTRY";
            case HARD_STATE -> "HARD_STATE";
            case TRUNCATION -> "TRUNCATION";
            case SNAPSHOT_MARK -> "SNAPSHOT_MARK";
            case BATCH_HEADER -> "BATCH_HEADER";
            case BATCH_TRAILER -> "BATCH_TRAILER";
            case GROUP_STATE -> "GROUP_STATE";
            case LIFE -> "LIFE";
            default -> "unknown type " + recordType;
        };
    }
}
