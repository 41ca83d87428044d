package io.grape.raft.journal.segment;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * How bytes get into a segment, and from there to the disk. Stateless, so one object serves both threads.
 */
public interface AppendBackEnd {
    /** Returns whether segments must be mapped for writing. */
    boolean mapsWritable();

    /** Puts all that remains of {@code source} at an offset. Thread: the pipeline's. */
    void write(Segment segment, int offset, ByteBuffer source) throws IOException;

    /** Makes {@code [from, to)} durable. Thread: the one that forces. */
    void force(Segment segment, int from, int to) throws IOException;

    /** Appends by positional writes, forces the file; the mapping is for readers only. */
    final class PositionalWrite implements AppendBackEnd {
        @Override
        public boolean mapsWritable() {
            return false;
        }

        @Override
        public void write(Segment segment, int offset, ByteBuffer source) throws IOException {
            segment.file().write(source, offset);
        }

        @Override
        public void force(Segment segment, int from, int to) throws IOException {
            segment.file().force();
        }
    }

    /** Appends by stores into a writable mapping, forces the range that was stored. */
    final class MappedStore implements AppendBackEnd {
        @Override
        public boolean mapsWritable() {
            return true;
        }

        @Override
        public void write(Segment segment, int offset, ByteBuffer source) throws IOException {
            try {
                segment.mapping().put(offset, source, source.position(), source.remaining());
                source.position(source.limit());
            } catch (InternalError e) {
                // How the JVM reports a page of a mapped file that the disk could not give.
                throw new IOException("a store into the mapping of " + segment.path() + " failed", e);
            }
        }

        @Override
        public void force(Segment segment, int from, int to) throws IOException {
            segment.file().forceMapped(segment.mapping(), from, to - from);
        }
    }
}
