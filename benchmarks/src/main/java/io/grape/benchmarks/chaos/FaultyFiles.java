package io.grape.benchmarks.chaos;

import io.grape.raft.journal.segment.FileOps;
import io.grape.raft.journal.segment.JournalFile;
import io.grape.raft.journal.segment.PlatformFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * The journal's files on a disk that can be full or slow, and that remembers what was not forced, so that the conductor can take that
 * away from a killed node as a power cut would.
 */
final class FaultyFiles implements FileOps {
    private final FileOps real = new PlatformFiles();
    private final NodeFaults faults;
    private final Path unforced;

    /**
     * @param faults   of this node
     * @param unforced directory for what was not forced
     */
    FaultyFiles(NodeFaults faults, Path unforced) {
        this.faults = faults;
        this.unforced = unforced;
    }

    @Override
    public void createDirectories(Path directory) throws IOException {
        real.createDirectories(directory);
    }

    @Override
    public List<Path> list(Path directory, String suffix) throws IOException {
        return real.list(directory, suffix);
    }

    @Override
    public JournalFile create(Path path) throws IOException {
        refuseIfFull();
        return new Watched(real.create(path), UnforcedWrites.open(unforced, path));
    }

    @Override
    public JournalFile open(Path path, boolean readOnly) throws IOException {
        JournalFile file = real.open(path, readOnly);
        return readOnly ? file : new Watched(file, UnforcedWrites.open(unforced, path));
    }

    @Override
    public void delete(Path path) throws IOException {
        real.delete(path);
        UnforcedWrites.forget(unforced, path);
    }

    @Override
    public void forceDirectory(Path directory) throws IOException {
        real.forceDirectory(directory);
    }

    @Override
    public long usableBytes(Path directory) throws IOException {
        return faults.isDiskFull() ? 0 : real.usableBytes(directory);
    }

    private void refuseIfFull() throws IOException {
        if (faults.isDiskFull()) {
            throw new IOException("No space left on device");
        }
    }

    /** One file: the writer's thread writes, the force thread forces. */
    private final class Watched implements JournalFile {
        private final JournalFile file;
        private final UnforcedWrites writes;

        Watched(JournalFile file, UnforcedWrites writes) {
            this.file = file;
            this.writes = writes;
        }

        @Override
        public long length() throws IOException {
            return file.length();
        }

        @Override
        public void write(ByteBuffer source, long position) throws IOException {
            writes.add(position, source.remaining());
            file.write(source, position);
        }

        @Override
        public void force() throws IOException {
            long before = writes.added();
            int delayUs = faults.forceDelayUs();
            if (delayUs > 0) {
                LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(delayUs));
            }
            file.force();
            writes.forced(before);
        }

        @Override
        public ByteBuffer map(boolean writable, int lengthBytes) throws IOException {
            return file.map(writable, lengthBytes);
        }

        @Override
        public void forceMapped(ByteBuffer mapping, int offset, int lengthBytes) throws IOException {
            file.forceMapped(mapping, offset, lengthBytes);
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
