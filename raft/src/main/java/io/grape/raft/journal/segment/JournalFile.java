package io.grape.raft.journal.segment;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * One open file. One thread writes; another may force at the same time.
 */
public interface JournalFile extends Closeable {
    /** Returns the length of the file in bytes. */
    long length() throws IOException;

    /** Writes all that remains of {@code source} at a position of the file. */
    void write(ByteBuffer source, long position) throws IOException;

    /** Makes everything durable that was written before the call. */
    void force() throws IOException;

    /** Maps the file's first {@code lengthBytes} bytes; what is written to the file shows in the mapping. */
    ByteBuffer map(boolean writable, int lengthBytes) throws IOException;

    /** Makes a range of a writable mapping durable. */
    void forceMapped(ByteBuffer mapping, int offset, int lengthBytes) throws IOException;

    /** Ends a mapping; no thread may touch it afterwards. */
    void unmap(ByteBuffer mapping);

    @Override
    void close() throws IOException;
}
