package io.grape.raft.journal.segment;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * One open segment file and its mapping.
 *
 * <p>{@link #assign} is the pipeline thread's; readers get the object through {@link SegmentTable}, which publishes it.
 */
public final class Segment {
    private final Path path;
    private final JournalFile file;
    private final ByteBuffer mapping;
    private final UnsafeBuffer buffer;
    private long sequence = SegmentDescriptor.FREE;
    private int salt;
    private long liveBytes;
    private int liveEntries;
    private boolean closed;

    /**
     * @param path    where the file is, for messages
     * @param file    the file, of its full length
     * @param mapping all of it
     */
    public Segment(Path path, JournalFile file, ByteBuffer mapping) {
        this.path = path;
        this.file = file;
        this.mapping = mapping;
        this.buffer = new UnsafeBuffer(mapping);
    }

    /** Gives the file a place in the journal, and the salt of that generation. */
    public void assign(long newSequence, int newSalt) {
        this.sequence = newSequence;
        this.salt = newSalt;
        this.liveEntries = 0;
        this.liveBytes = 0;
    }

    /** Returns where the file is. */
    public Path path() {
        return path;
    }

    /** Returns the open file. */
    public JournalFile file() {
        return file;
    }

    /** Returns the mapping; only its position and limit belong to no one. */
    public ByteBuffer mapping() {
        return mapping;
    }

    /** Returns the mapped bytes. */
    public DirectBuffer buffer() {
        return buffer;
    }

    /** Returns the bytes of the file. */
    public int length() {
        return mapping.capacity();
    }

    /** Returns the place in the journal, or {@link SegmentDescriptor#FREE}. */
    public long sequence() {
        return sequence;
    }

    /** Returns the generation. */
    public int salt() {
        return salt;
    }

    /** Counts entries that some log holds here. Thread: the pipeline's. */
    public void addLive(int entries, long bytes) {
        liveEntries += entries;
        liveBytes += bytes;
    }

    /** Returns how many entries of the segment some log still holds. Thread: the pipeline's. */
    public int liveEntries() {
        return liveEntries;
    }

    /** Returns the bytes of those entries' records. Thread: the pipeline's. */
    public long liveBytes() {
        return liveBytes;
    }

    /** Unmaps and closes the file; no thread may read it afterwards. */
    public void close() throws IOException {
        if (closed) {
            return;
        }
        closed = true;
        file.unmap(mapping);
        file.close();
    }
}
