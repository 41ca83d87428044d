package io.grape.raft.journal.segment;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * The file system as the journal needs it. Tests and the simulator bring their own, to fail where real disks do.
 *
 * <p>Any thread.
 */
public interface FileOps {
    /** Makes a directory and its parents; an existing one is fine. */
    void createDirectories(Path directory) throws IOException;

    /** Returns the files of a directory whose names end so, sorted by name. */
    List<Path> list(Path directory, String suffix) throws IOException;

    /** Makes a new empty file, which must not exist, and opens it. */
    JournalFile create(Path path) throws IOException;

    /** Opens an existing file for reading, and for writing unless {@code readOnly}. */
    JournalFile open(Path path, boolean readOnly) throws IOException;

    /** Removes a file. */
    void delete(Path path) throws IOException;

    /** Makes the names in a directory durable. */
    void forceDirectory(Path directory) throws IOException;

    /** Returns the bytes that this process may still use on the directory's volume. */
    long usableBytes(Path directory) throws IOException;
}
