package io.grape.raft.journal;

import io.grape.codecs.HotPath;
import io.grape.raft.journal.record.RecordDescriptor;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A view of one log entry in the mapped journal; it copies nothing and is used again for the next entry.
 *
 * <p>Belongs to one thread. The payload may be read until the next {@link GroupLog#read} with this object, and for no longer
 * than the entry is part of the log: not after the group was compacted past it, nor after the journal was closed.
 */
public final class LogEntry {
    private final UnsafeBuffer payload = new UnsafeBuffer(0, 0);
    private long index;
    private long term;
    private short entryType;

    @HotPath
    void wrap(DirectBuffer source, int record) {
        index = RecordDescriptor.index(source, record);
        term = RecordDescriptor.term(source, record);
        entryType = RecordDescriptor.entryType(source, record);
        payload.wrap(
                source,
                record + RecordDescriptor.HEADER_LENGTH,
                RecordDescriptor.length(source, record) - RecordDescriptor.HEADER_LENGTH);
    }

    /** Returns the index. */
    public long index() {
        return index;
    }

    /** Returns the term. */
    public long term() {
        return term;
    }

    /** Returns the SBE value of the entry's {@code EntryType}. */
    public short entryType() {
        return entryType;
    }

    /** Returns the payload: all of the buffer from 0 to its capacity. */
    public DirectBuffer payload() {
        return payload;
    }
}
