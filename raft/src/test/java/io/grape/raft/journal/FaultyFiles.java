package io.grape.raft.journal;

import io.grape.raft.journal.segment.FileOps;
import io.grape.raft.journal.segment.JournalFile;
import io.grape.raft.journal.segment.PlatformFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;

/** The platform's files, with faults at will. */
public final class FaultyFiles implements FileOps {
    private final PlatformFiles platform = new PlatformFiles();
    public volatile long usableBytes = Long.MAX_VALUE;
    volatile boolean failForce;
    volatile boolean failWrite;
    private final Thread test = Thread.currentThread();

    /** Forces that the test's own thread made: the pool makes others in the background. */
    int forces;

    @Override
    public void createDirectories(Path directory) throws IOException {
        platform.createDirectories(directory);
    }

    @Override
    public List<Path> list(Path directory, String suffix) throws IOException {
        return platform.list(directory, suffix);
    }

    @Override
    public JournalFile create(Path path) throws IOException {
        return new FaultyFile(platform.create(path));
    }

    @Override
    public JournalFile open(Path path, boolean readOnly) throws IOException {
        return new FaultyFile(platform.open(path, readOnly));
    }

    @Override
    public void delete(Path path) throws IOException {
        platform.delete(path);
    }

    @Override
    public void forceDirectory(Path directory) throws IOException {
        platform.forceDirectory(directory);
    }

    @Override
    public long usableBytes(Path directory) {
        return usableBytes;
    }

    private final class FaultyFile implements JournalFile {
        private final JournalFile file;

        private FaultyFile(JournalFile file) {
            this.file = file;
        }

        @Override
        public long length() throws IOException {
            return file.length();
        }

        @Override
        public void write(ByteBuffer source, long position) throws IOException {
            if (failWrite) {
                throw new IOException("Input/output error (injected write)");
            }
            file.write(source, position);
        }

        @Override
        public void force() throws IOException {
            failOrCount();
            file.force();
        }

        @Override
        public ByteBuffer map(boolean writable, int lengthBytes) throws IOException {
            return file.map(writable, lengthBytes);
        }

        @Override
        public void forceMapped(ByteBuffer mapping, int offset, int lengthBytes) throws IOException {
            failOrCount();
            file.forceMapped(mapping, offset, lengthBytes);
        }

        private void failOrCount() throws IOException {
            if (failForce) {
                throw new IOException("Input/output error (injected force)");
            }
            if (Thread.currentThread() == test) {
                forces++;
            }
        }

        @Override
        public void unmap(ByteBuffer mapping) {
            file.unmap(mapping);
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }
}
