package io.grape.raft.journal.segment;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;
import org.agrona.BufferUtil;

/**
 * The files of the platform.
 *
 * <p>An interrupt closes the channel under a thread that writes or forces: the journal then reports a fault, as it must,
 * since nobody knows what reached the disk.
 */
public final class PlatformFiles implements FileOps {
    @Override
    public void createDirectories(Path directory) throws IOException {
        Files.createDirectories(directory);
    }

    @Override
    public List<Path> list(Path directory, String suffix) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(path -> path.toString().endsWith(suffix))
                    .sorted()
                    .toList();
        }
    }

    @Override
    public JournalFile create(Path path) throws IOException {
        return new PlatformFile(FileChannel.open(
                path, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE));
    }

    @Override
    public JournalFile open(Path path, boolean readOnly) throws IOException {
        return new PlatformFile(
                readOnly
                        ? FileChannel.open(path, StandardOpenOption.READ)
                        : FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE));
    }

    @Override
    public void delete(Path path) throws IOException {
        Files.deleteIfExists(path);
    }

    @Override
    public void forceDirectory(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    @Override
    public long usableBytes(Path directory) throws IOException {
        return Files.getFileStore(directory).getUsableSpace();
    }

    private static final class PlatformFile implements JournalFile {
        private final FileChannel channel;

        private PlatformFile(FileChannel channel) {
            this.channel = channel;
        }

        @Override
        public long length() throws IOException {
            return channel.size();
        }

        @Override
        public void write(ByteBuffer source, long position) throws IOException {
            long next = position;
            while (source.hasRemaining()) {
                next += channel.write(source, next);
            }
        }

        @Override
        public void force() throws IOException {
            channel.force(false);
        }

        @Override
        public ByteBuffer map(boolean writable, int lengthBytes) throws IOException {
            return channel.map(writable ? MapMode.READ_WRITE : MapMode.READ_ONLY, 0, lengthBytes);
        }

        @Override
        public void forceMapped(ByteBuffer mapping, int offset, int lengthBytes) throws IOException {
            try {
                ((MappedByteBuffer) mapping).force(offset, lengthBytes);
            } catch (UncheckedIOException e) {
                throw e.getCause();
            }
        }

        @Override
        public void unmap(ByteBuffer mapping) {
            BufferUtil.free(mapping);
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }
}
