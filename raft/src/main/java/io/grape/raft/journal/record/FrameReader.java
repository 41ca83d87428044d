package io.grape.raft.journal.record;

import static io.grape.raft.journal.record.RecordDescriptor.ALIGNMENT;
import static io.grape.raft.journal.record.RecordDescriptor.BATCH_HEADER_LENGTH;
import static io.grape.raft.journal.record.RecordDescriptor.BATCH_TRAILER_LENGTH;
import static io.grape.raft.journal.record.RecordDescriptor.FORCED_POSITION_OFFSET;
import static io.grape.raft.journal.record.RecordDescriptor.FRAME_CRC_OFFSET;
import static io.grape.raft.journal.record.RecordDescriptor.FRAME_LENGTH_OFFSET;
import static io.grape.raft.journal.record.RecordDescriptor.FRAME_OVERHEAD;
import static io.grape.raft.journal.record.RecordDescriptor.HEADER_LENGTH;
import static io.grape.raft.journal.record.RecordDescriptor.RECORD_TYPE_OFFSET;
import static io.grape.raft.journal.record.RecordDescriptor.align;

import java.nio.ByteBuffer;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Judges the frames of one segment; nothing that it reads is trusted before its checksum and its bounds are checked.
 *
 * <p>Not thread-safe. Never throws on any content, and never reads outside of {@code [offset, limit)}.
 */
public final class FrameReader {
    /** No offset. */
    public static final int NULL_OFFSET = -1;

    private final ByteBuffer bytes;
    private final UnsafeBuffer buffer;
    private final int limit;
    private final int salt;
    private final SaltedCrc crc = new SaltedCrc();

    /**
     * @param segment bytes of the segment; its position and limit are not used
     * @param limit   byte after the segment's last
     * @param salt    generation of the segment
     */
    public FrameReader(ByteBuffer segment, int limit, int salt) {
        this.bytes = segment.duplicate();
        this.buffer = new UnsafeBuffer(segment, 0, limit);
        this.limit = limit;
        this.salt = salt;
    }

    /** Returns the segment's bytes. */
    public DirectBuffer buffer() {
        return buffer;
    }

    /** Returns whether an intact BATCH_HEADER record with plausible fields begins at the offset. */
    public boolean isBatchHeader(int offset) {
        if (offset > limit - FRAME_OVERHEAD || RecordDescriptor.length(buffer, offset) != BATCH_HEADER_LENGTH) {
            return false;
        }
        return RecordDescriptor.recordType(buffer, offset) == RecordDescriptor.BATCH_HEADER
                && isIntact(offset, BATCH_HEADER_LENGTH)
                && isPlausible(offset);
    }

    private boolean isPlausible(int offset) {
        int frameLength = frameLength(offset);
        return frameLength >= FRAME_OVERHEAD
                && frameLength <= limit - offset
                && frameLength == align(frameLength)
                && records(offset) >= 0;
    }

    /** Returns whether a whole, intact frame begins at the offset. */
    public boolean isFrame(int offset) {
        if (!isBatchHeader(offset)) {
            return false;
        }
        int frameLength = frameLength(offset);
        int trailer = offset + frameLength - BATCH_TRAILER_LENGTH;
        return RecordDescriptor.length(buffer, trailer) == BATCH_TRAILER_LENGTH
                && RecordDescriptor.recordType(buffer, trailer) == RecordDescriptor.BATCH_TRAILER
                && isIntact(trailer, BATCH_TRAILER_LENGTH)
                && RecordDescriptor.term(buffer, trailer) == ordinal(offset)
                && RecordDescriptor.intField(buffer, trailer, FRAME_CRC_OFFSET)
                        == crc.of(bytes, offset, trailer, salt, frameLength)
                && recordsFill(offset + BATCH_HEADER_LENGTH, trailer, records(offset));
    }

    /** Returns the first record of a frame that fails its own check, or {@link #NULL_OFFSET} if each passes. */
    public int firstDamagedRecord(int frame) {
        int trailer = frame + frameLength(frame) - BATCH_TRAILER_LENGTH;
        int record = frame + BATCH_HEADER_LENGTH;
        while (record < trailer) {
            int length = RecordDescriptor.length(buffer, record);
            if (length < HEADER_LENGTH || length > trailer - record || !isIntact(record, length)) {
                return record;
            }
            record += align(length);
        }
        return isIntact(trailer, BATCH_TRAILER_LENGTH) ? NULL_OFFSET : trailer;
    }

    /** Returns the offset of the next intact BATCH_HEADER at or after the offset, or {@link #NULL_OFFSET}. */
    public int nextBatchHeader(int from) {
        for (int offset = align(from); offset <= limit - FRAME_OVERHEAD; offset += ALIGNMENT) {
            if (isBatchHeader(offset)) {
                return offset;
            }
        }
        return NULL_OFFSET;
    }

    /** Returns the ordinal of the batch whose header was found at the offset. */
    public long ordinal(int frame) {
        return RecordDescriptor.term(buffer, frame);
    }

    /** Returns the number of records of the batch whose header was found at the offset. */
    public long records(int frame) {
        return RecordDescriptor.index(buffer, frame);
    }

    /** Returns the bytes of the frame whose header was found at the offset. */
    public int frameLength(int frame) {
        return RecordDescriptor.intField(buffer, frame, FRAME_LENGTH_OFFSET);
    }

    /** Returns the position before which all was forced when the batch was written. */
    public long forcedPosition(int frame) {
        return RecordDescriptor.longField(buffer, frame, FORCED_POSITION_OFFSET);
    }

    /** Returns whether replies to the batch left without waiting for a force. */
    public boolean acknowledgedOnWrite(int frame) {
        return RecordDescriptor.intField(buffer, frame, RecordDescriptor.ACKNOWLEDGED_OFFSET)
                == RecordDescriptor.ACKNOWLEDGED_ON_WRITE;
    }

    private boolean isIntact(int record, int length) {
        return RecordDescriptor.crc(buffer, record)
                == crc.of(bytes, record + RECORD_TYPE_OFFSET, record + length, salt, length);
    }

    private boolean recordsFill(int from, int trailer, long expected) {
        int record = from;
        long found = 0;
        while (record < trailer) {
            int length = RecordDescriptor.length(buffer, record);
            if (length < HEADER_LENGTH || length > trailer - record) {
                return false;
            }
            record += align(length);
            found++;
        }
        return record == trailer && found == expected;
    }
}
