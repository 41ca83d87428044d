package io.grape.transport.driver;

import io.aeron.CommonContext;
import io.aeron.exceptions.AeronException;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.agrona.IoUtil;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where an embedded driver's files go, and what was left there by processes that were killed.
 *
 * <p>Shared memory if it has the room, else the temporary folder with a warning. The name holds the user and what the
 * driver is for; a node's name holds its endpoint, which only one process of a machine can have, so what lies there is
 * left over. A client's name ends with its process id.
 */
final class DriverDirectory {
    private static final Logger LOG = LoggerFactory.getLogger(DriverDirectory.class);
    private static final String CLIENT_PREFIX = "grape-client-";
    private static final long DRIVER_TIMEOUT_MS = 5_000;

    private DriverDirectory() {}

    /**
     * Picks the directory; makes nothing.
     *
     * @param sharedMemory       usually /dev/shm
     * @param temporary          where to go if that is absent or too small
     * @param name               of the directory
     * @param requiredSpaceBytes room that is needed
     * @return the directory
     */
    static Path choose(Path sharedMemory, Path temporary, String name, long requiredSpaceBytes) {
        if (Files.isDirectory(sharedMemory) && Files.isWritable(sharedMemory)) {
            long usable = usableSpaceBytes(sharedMemory);
            if (usable >= requiredSpaceBytes) {
                return sharedMemory.resolve(name);
            }
            LOG.warn(
                    "{} has {} MiB free and the term buffers need {} MiB: using {} instead, which is slower. "
                            + "Raise it (docker run --shm-size=1g, or mount -o remount,size=1g {}) "
                            + "or name a directory in the configuration.",
                    sharedMemory,
                    usable >> 20,
                    requiredSpaceBytes >> 20,
                    temporary,
                    sharedMemory);
        }
        return temporary.resolve(name);
    }

    static long usableSpaceBytes(Path path) {
        try {
            return Files.getFileStore(path).getUsableSpace();
        } catch (IOException unreadable) {
            throw new UncheckedIOException("Cannot read the free space of " + path, unreadable);
        }
    }

    /**
     * Returns the name of a node's directory.
     *
     * @param user     who runs it
     * @param nodeId   node
     * @param endpoint host:port that it listens on
     * @return a file name
     */
    static String nodeName(String user, int nodeId, String endpoint) {
        return "grape-node-" + fileName(user) + "-" + nodeId + "-" + fileName(endpoint);
    }

    /**
     * Returns the name of a client's directory.
     *
     * @param user      who runs it
     * @param unique    tells the clients of one process apart
     * @param processId of this process
     * @return a file name
     */
    static String clientName(String user, long unique, long processId) {
        return CLIENT_PREFIX + fileName(user) + "-" + Long.toHexString(unique) + "-" + processId;
    }

    private static String fileName(String text) {
        StringBuilder name = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean isPlain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.';
            name.append(isPlain ? c : '_');
        }
        return name.toString();
    }

    /**
     * Removes what clients of dead processes left.
     *
     * @param parent where the directories lie
     * @param user   whose
     * @return how many were removed
     */
    static int removeLeftOvers(Path parent, String user) {
        int removed = 0;
        String prefix = CLIENT_PREFIX + fileName(user) + "-";
        try (DirectoryStream<Path> found = Files.newDirectoryStream(parent, prefix + "*")) {
            for (Path directory : found) {
                if (isLeftOver(directory)) {
                    IoUtil.delete(directory.toFile(), true);
                    removed++;
                }
            }
        } catch (IOException unreadable) {
            LOG.warn("Cannot look for left-over directories in {}: {}", parent, unreadable.toString());
        }
        return removed;
    }

    private static boolean isLeftOver(Path directory) {
        String name = directory.getFileName().toString();
        long processId;
        try {
            processId = Long.parseLong(name.substring(name.lastIndexOf('-') + 1));
        } catch (NumberFormatException notOurs) {
            LOG.debug("{} is not named as ours are", directory, notOurs);
            return false;
        }
        Optional<ProcessHandle> process = ProcessHandle.of(processId);
        if (process.isPresent() && process.get().isAlive()) {
            return false;
        }
        // Another container may share the folder but not the process ids: the driver's heartbeat decides.
        File file = directory.toFile();
        try {
            return !CommonContext.isDriverActive(file, DRIVER_TIMEOUT_MS, line -> LOG.trace("{}", line));
        } catch (AeronException neverStarted) {
            LOG.debug("{} was left by a driver that had not started", directory, neverStarted);
            return true;
        }
    }
}
