package io.grape.vectors.segment;

import java.io.IOException;
import java.nio.file.Path;

/** Tells how much room a file system has; injected so that a test can fill a disk. */
@FunctionalInterface
public interface DiskSpace {
    /** Bytes that this process may still write beside {@code directory}. */
    long usableBytes(Path directory) throws IOException;
}
