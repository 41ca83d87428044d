package io.grape.raft.journal.record;

import static io.grape.raft.journal.record.RecordDescriptor.ACKNOWLEDGED_OFFSET;
import static io.grape.raft.journal.record.RecordDescriptor.BATCH_HEADER_LENGTH;
import static io.grape.raft.journal.record.RecordDescriptor.BATCH_TRAILER_LENGTH;
import static io.grape.raft.journal.record.RecordDescriptor.CRC_OFFSET;
import static io.grape.raft.journal.record.RecordDescriptor.FORCED_POSITION_OFFSET;
import static io.grape.raft.journal.record.RecordDescriptor.FRAME_CRC_OFFSET;
import static io.grape.raft.journal.record.RecordDescriptor.FRAME_LENGTH_OFFSET;
import static io.grape.raft.journal.record.RecordDescriptor.HEADER_LENGTH;
import static io.grape.raft.journal.record.RecordDescriptor.OPENING_OFFSET;
import static io.grape.raft.journal.record.RecordDescriptor.RECORD_TYPE_OFFSET;
import static io.grape.raft.journal.record.RecordDescriptor.align;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

import io.grape.codecs.HotPath;
import java.nio.ByteBuffer;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The batch being staged: records side by side in one off-heap buffer, with room before and after for the frame.
 *
 * <p>Thread: the pipeline's. Staging and sealing allocate nothing. The checksums are computed when the frame is sealed,
 * because only then it is known which segment, and so which salt, it goes to; sealing again is allowed.
 */
public final class BatchFrame {
    private final ByteBuffer bytes;
    private final UnsafeBuffer buffer;
    private final SaltedCrc crc = new SaltedCrc();
    private int limit = BATCH_HEADER_LENGTH;
    private final int opening;
    private int records;

    /**
     * @param capacityBytes the longest frame, header and trailer included
     * @param opening       random number of this opening of the journal
     */
    public BatchFrame(int capacityBytes, int opening) {
        this.opening = opening;
        // The trailer's room is part of the capacity, so that sealing never fails.
        this.bytes = ByteBuffer.allocateDirect(align(capacityBytes)).order(LITTLE_ENDIAN);
        this.buffer = new UnsafeBuffer(bytes);
    }

    /** Returns the buffer that staged records lie in. */
    public DirectBuffer buffer() {
        return buffer;
    }

    /** Returns the longest frame in bytes. */
    public int capacity() {
        return buffer.capacity();
    }

    /** Returns the number of records staged. */
    public int records() {
        return records;
    }

    /** Returns the bytes of the frame if it were sealed now. */
    @HotPath
    public int frameLength() {
        return limit + BATCH_TRAILER_LENGTH;
    }

    /** Returns the bytes that further records may take, padding included. */
    @HotPath
    public int remaining() {
        return buffer.capacity() - frameLength();
    }

    /**
     * Stages a record with its payload. The caller has checked {@link #remaining()}.
     *
     * @param types {@link RecordDescriptor#types}
     * @return offset of the record in {@link #buffer()}
     */
    @HotPath
    public int stage(int types, int groupId, long term, long index, DirectBuffer payload, int offset, int length) {
        int record = stage(types, groupId, term, index, HEADER_LENGTH + length);
        buffer.putBytes(record + HEADER_LENGTH, payload, offset, length);
        return record;
    }

    /**
     * Stages a record whose payload the caller sets with {@link #putInt} and {@link #putLong}; until then it is undefined.
     *
     * @param types        {@link RecordDescriptor#types}
     * @param recordLength bytes of header and payload
     * @return offset of the record in {@link #buffer()}
     */
    @HotPath
    public int stage(int types, int groupId, long term, long index, int recordLength) {
        int record = limit;
        int end = record + align(recordLength);
        if (end > record + recordLength) {
            // The padding is inside the frame's checksum and must not carry bytes of an earlier batch.
            buffer.putLong(end - Long.BYTES, 0L, LITTLE_ENDIAN);
        }
        RecordDescriptor.putHeader(buffer, record, recordLength, types, groupId, term, index);
        limit = end;
        records++;
        return record;
    }

    /** Sets a four-byte field of a staged record. */
    @HotPath
    public void putInt(int record, int field, int value) {
        buffer.putInt(record + field, value, LITTLE_ENDIAN);
    }

    /** Sets an eight-byte field of a staged record. */
    @HotPath
    public void putLong(int record, int field, long value) {
        buffer.putLong(record + field, value, LITTLE_ENDIAN);
    }

    /**
     * Completes the frame: header, checksum of every record, trailer.
     *
     * @param ordinal        number of the batch in the journal
     * @param salt           generation of the segment that it goes to
     * @param acknowledged   {@link RecordDescriptor#ACKNOWLEDGED_ON_FORCE} or {@link RecordDescriptor#ACKNOWLEDGED_ON_WRITE}
     * @param forcedPosition every byte before this journal position is forced
     * @return the frame, from position to limit; valid until the next call on this object
     */
    @HotPath
    public ByteBuffer seal(long ordinal, int salt, int acknowledged, long forcedPosition) {
        int end = frameLength();
        RecordDescriptor.putHeader(buffer, 0, BATCH_HEADER_LENGTH, RecordDescriptor.BATCH_HEADER, 0, ordinal, records);
        putInt(0, FRAME_LENGTH_OFFSET, end);
        putInt(0, ACKNOWLEDGED_OFFSET, acknowledged);
        putLong(0, FORCED_POSITION_OFFSET, forcedPosition);
        putInt(0, OPENING_OFFSET - Integer.BYTES, 0);
        putInt(0, OPENING_OFFSET, opening);
        for (int record = 0; record < limit; record += align(RecordDescriptor.length(buffer, record))) {
            sealRecord(record, salt);
        }
        RecordDescriptor.putHeader(
                buffer, limit, BATCH_TRAILER_LENGTH, RecordDescriptor.BATCH_TRAILER, 0, ordinal, records);
        putInt(limit, FRAME_CRC_OFFSET, crc.of(bytes, 0, limit, salt, end));
        putInt(limit, FRAME_CRC_OFFSET + Integer.BYTES, 0);
        sealRecord(limit, salt);
        bytes.limit(end).position(0);
        return bytes;
    }

    /** Forgets what is staged. */
    @HotPath
    public void clear() {
        limit = BATCH_HEADER_LENGTH;
        records = 0;
    }

    @HotPath
    private void sealRecord(int record, int salt) {
        int length = RecordDescriptor.length(buffer, record);
        int value = crc.of(bytes, record + RECORD_TYPE_OFFSET, record + length, salt, length);
        buffer.putInt(record + CRC_OFFSET, value, LITTLE_ENDIAN);
    }
}
