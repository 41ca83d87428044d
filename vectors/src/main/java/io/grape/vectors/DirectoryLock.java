package io.grape.vectors;

import io.grape.vectors.model.Reason;
import io.grape.vectors.model.VectorsException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Holds a directory for one store; a second one, in this process or another, is refused. */
final class DirectoryLock implements AutoCloseable {
    private final Path path;
    private final FileChannel channel;

    private DirectoryLock(Path path, FileChannel channel) {
        this.path = path;
        this.channel = channel;
    }

    static DirectoryLock acquire(Path directory) {
        Path path = directory.resolve("lock");
        try {
            Files.createDirectories(directory);
            FileChannel channel = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (tryLock(channel)) {
                return new DirectoryLock(path, channel);
            }
            channel.close();
        } catch (IOException e) {
            throw new VectorsException(Reason.IO_FAILED, "cannot lock " + path, e);
        }
        throw new VectorsException(Reason.STORE_LOCKED, "directory " + directory + " is in use by another store");
    }

    private static boolean tryLock(FileChannel channel) throws IOException {
        try {
            FileLock lock = channel.tryLock();
            return lock != null;
        } catch (OverlappingFileLockException e) {
            return false;
        }
    }

    /** Closing the channel releases the lock. */
    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new VectorsException(Reason.IO_FAILED, "cannot unlock " + path, e);
        }
    }
}
