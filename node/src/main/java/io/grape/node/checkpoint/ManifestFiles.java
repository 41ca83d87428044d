package io.grape.node.checkpoint;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * The file system as the manifests need it. Tests bring their own, to fail and to forget where real disks do. Any thread.
 */
interface ManifestFiles {
    /** Returns the files of a directory whose names end so, sorted by name; none if there is no such directory. */
    List<Path> list(Path directory, String suffix) throws IOException;

    /** Returns a file's bytes. */
    byte[] read(Path file) throws IOException;

    /** Makes a file, or replaces its bytes. */
    void write(Path file, byte[] bytes) throws IOException;

    /** Makes a file's bytes durable. */
    void force(Path file) throws IOException;

    /** Gives a file another name, in place of any file that has it. */
    void rename(Path from, Path to) throws IOException;

    /** Makes the names in a directory durable. */
    void forceDirectory(Path directory) throws IOException;

    /** Removes a file, or a directory with all that is in it. */
    void delete(Path path) throws IOException;
}
