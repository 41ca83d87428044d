package io.grape.raft.journal;

import io.grape.raft.journal.segment.FileOps;
import io.grape.raft.journal.segment.JournalFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * A disk in memory that can lose its power: what was not forced survives sector by sector, as chance has it.
 *
 * <p>Names of files are durable at once. Thread-safe as far as the journal needs it.
 */
final class VirtualFiles implements FileOps {
    private static final int SECTOR_BYTES = 512;

    private final TreeMap<Path, VirtualFile> byPath = new TreeMap<>();
    private volatile Consumer<String> beforeEach = operation -> {};

    /** Calls back before each operation that changes or forces a file, from whichever thread does it, one at a time. */
    void beforeEach(Consumer<String> callback) {
        beforeEach = callback;
    }

    private synchronized void announce(String operation) {
        beforeEach.accept(operation);
    }

    @Override
    public void createDirectories(Path directory) {}

    @Override
    public synchronized List<Path> list(Path directory, String suffix) {
        return byPath.keySet().stream()
                .filter(path ->
                        directory.equals(path.getParent()) && path.toString().endsWith(suffix))
                .toList();
    }

    @Override
    public synchronized JournalFile create(Path path) throws IOException {
        if (byPath.containsKey(path)) {
            throw new IOException(path + " exists");
        }
        announce("creating " + path);
        VirtualFile file = new VirtualFile(this, path);
        byPath.put(path, file);
        return file;
    }

    @Override
    public synchronized JournalFile open(Path path, boolean readOnly) throws IOException {
        VirtualFile file = byPath.get(path);
        if (file == null) {
            throw new IOException(path + " does not exist");
        }
        return file;
    }

    @Override
    public synchronized void delete(Path path) {
        announce("deleting " + path);
        byPath.remove(path);
    }

    @Override
    public void forceDirectory(Path directory) {}

    @Override
    public long usableBytes(Path directory) {
        return Long.MAX_VALUE;
    }

    /** Returns what a disk would hold after the power went: forced bytes, and of the others whatever chance left. */
    synchronized VirtualFiles afterPowerCut(Random random) {
        VirtualFiles survivor = new VirtualFiles();
        byPath.forEach((path, file) -> survivor.byPath.put(path, file.afterPowerCut(survivor, random)));
        return survivor;
    }

    /** Returns the same disk as a killed process leaves it. */
    synchronized VirtualFiles copy() {
        VirtualFiles copy = new VirtualFiles();
        byPath.forEach((path, file) -> copy.byPath.put(path, file.copy(copy)));
        return copy;
    }

    synchronized List<Path> paths() {
        return List.copyOf(byPath.keySet());
    }

    /** Returns the bytes of a file, to read or to damage. */
    synchronized ByteBuffer bytes(Path path) {
        VirtualFile file = byPath.get(path);
        if (file == null) {
            throw new IllegalArgumentException(path.toString());
        }
        return file.cache;
    }

    private static ByteBuffer copyOf(ByteBuffer bytes) {
        ByteBuffer copy = ByteBuffer.allocateDirect(bytes.capacity());
        copy.put(0, bytes, 0, bytes.capacity());
        return copy;
    }

    private static final class VirtualFile implements JournalFile {
        private final VirtualFiles owner;
        private final Path path;
        private ByteBuffer cache = ByteBuffer.allocateDirect(0);
        private ByteBuffer disk = ByteBuffer.allocateDirect(0);

        private VirtualFile(VirtualFiles owner, Path path) {
            this.owner = owner;
            this.path = path;
        }

        @Override
        public synchronized long length() {
            return cache.capacity();
        }

        @Override
        public void write(ByteBuffer source, long position) {
            owner.announce("writing " + source.remaining() + " bytes at " + position + " of " + path);
            store(source, position);
        }

        private synchronized void store(ByteBuffer source, long position) {
            int end = (int) position + source.remaining();
            if (end > cache.capacity()) {
                ByteBuffer longer = ByteBuffer.allocateDirect(end);
                longer.put(0, cache, 0, cache.capacity());
                cache = longer;
            }
            cache.put((int) position, source, source.position(), source.remaining());
            source.position(source.limit());
        }

        @Override
        public void force() {
            owner.announce("forcing " + path);
            keep();
        }

        private synchronized void keep() {
            disk = copyOf(cache);
        }

        @Override
        public synchronized ByteBuffer map(boolean writable, int lengthBytes) {
            return cache.duplicate().limit(lengthBytes).slice();
        }

        @Override
        public void forceMapped(ByteBuffer mapping, int offset, int lengthBytes) {
            force();
        }

        @Override
        public void unmap(ByteBuffer mapping) {}

        @Override
        public void close() {}

        private synchronized VirtualFile copy(VirtualFiles newOwner) {
            VirtualFile copy = new VirtualFile(newOwner, path);
            copy.cache = copyOf(cache);
            copy.disk = copyOf(disk);
            return copy;
        }

        private synchronized VirtualFile afterPowerCut(VirtualFiles newOwner, Random random) {
            VirtualFile survivor = new VirtualFile(newOwner, path);
            survivor.cache = copyOf(disk);
            int common = Math.min(disk.capacity(), cache.capacity());
            for (int at = 0; at < common; at += SECTOR_BYTES) {
                if (random.nextBoolean()) {
                    survivor.cache.put(at, cache, at, Math.min(SECTOR_BYTES, common - at));
                }
            }
            survivor.disk = copyOf(survivor.cache);
            return survivor;
        }
    }
}
