package io.grape.transport.driver;

import io.aeron.CncFileDescriptor;
import io.aeron.CommonContext;
import io.aeron.exceptions.AeronException;
import io.grape.codecs.GrapeException;
import io.grape.codecs.sbe.ErrorCode;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.MappedByteBuffer;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Predicate;
import org.agrona.BufferUtil;
import org.agrona.IoUtil;
import org.agrona.concurrent.UnsafeBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where an embedded driver's files go, and what was left there by processes that were killed.
 *
 * <p>Shared memory if it has the room, else the temporary folder with a warning. The name says what the driver is for,
 * whose it is, and in which process it runs:
 *
 * <pre>
 * grape-node-(user)-(node id)-(endpoint)-(process id)
 * grape-client-(user)-(unique)-(process id)
 * </pre>
 *
 * <p>A directory of a dead process whose driver's heart has stopped is left over. So is one of a node's own endpoint, at
 * once after a kill, because only one process of a machine can listen there.
 */
final class DriverDirectory {
    private static final Logger LOG = LoggerFactory.getLogger(DriverDirectory.class);
    private static final String CLIENT_PREFIX = "grape-client-";
    private static final String NODE_PREFIX = "grape-node-";
    private static final Duration CLOCK_SLACK = Duration.ofMillis(100);
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

    /**
     * Refuses a directory that the operator named and that must not be emptied: a driver starts by deleting what is there.
     *
     * @param directory as configured
     * @throws GrapeException INVALID_CONFIGURATION if it holds other things, or another process's driver runs there
     */
    static void checkNamed(Path directory) {
        String[] names = directory.toFile().list();
        if (names == null || names.length == 0) {
            return;
        }
        File cnc = directory.resolve(CncFileDescriptor.CNC_FILE).toFile();
        if (!cnc.exists()) {
            throw new GrapeException(
                    ErrorCode.INVALID_CONFIGURATION,
                    "aeronDirectory: " + directory + " holds files that are no media driver's, and they would be "
                            + "deleted; name a directory that is empty or not there.");
        }
        if (cnc.length() > CncFileDescriptor.META_DATA_LENGTH) {
            checkNotRunning(directory, cnc);
        }
    }

    private static void checkNotRunning(Path directory, File cnc) {
        MappedByteBuffer mapped = IoUtil.mapExistingFile(cnc, CncFileDescriptor.CNC_FILE);
        try {
            UnsafeBuffer metaData = CncFileDescriptor.createMetaDataBuffer(mapped);
            long processId = CncFileDescriptor.pid(metaData);
            if (isHost(processId, Instant.ofEpochMilli(CncFileDescriptor.startTimestampMs(metaData)))) {
                throw new GrapeException(
                        ErrorCode.INVALID_CONFIGURATION,
                        "aeronDirectory: a media driver of process " + processId + " runs in " + directory
                                + "; share it as an external driver, or name another directory.");
            }
        } finally {
            BufferUtil.free(mapped);
        }
    }

    /**
     * Returns whether a process still hosts the driver that it started at some time.
     *
     * <p>A process that began later only has the number again, as every first process of a container has.
     */
    static boolean isHost(long processId, Instant driverStart) {
        if (!isAlive(processId)) {
            return false;
        }
        Optional<Instant> processStart =
                ProcessHandle.of(processId).flatMap(p -> p.info().startInstant());
        return processStart.isEmpty() || !processStart.get().isAfter(driverStart.plus(CLOCK_SLACK));
    }

    private static boolean isAlive(long processId) {
        Optional<ProcessHandle> process = processId > 0 ? ProcessHandle.of(processId) : Optional.empty();
        return process.isPresent() && process.get().isAlive();
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
     * @param processId of this process
     * @return a file name
     */
    static String nodeName(String user, int nodeId, String endpoint, long processId) {
        return nodePrefix(user, nodeId, endpoint) + processId;
    }

    private static String nodePrefix(String user, int nodeId, String endpoint) {
        return NODE_PREFIX + fileName(user) + "-" + nodeId + "-" + fileName(endpoint) + "-";
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
     * Removes what dead processes left.
     *
     * @param parent where the directories lie
     * @param user   whose
     * @return how many were removed
     */
    static int removeLeftOvers(Path parent, String user) {
        return remove(parent, CLIENT_PREFIX + fileName(user) + "-", DriverDirectory::isLeftOver)
                + remove(parent, NODE_PREFIX + fileName(user) + "-", DriverDirectory::isLeftOver);
    }

    /**
     * Removes what earlier processes of a node left, however short ago they died.
     *
     * @param parent   where the directories lie
     * @param user     whose
     * @param nodeId   node
     * @param endpoint host:port that was found free
     * @return how many were removed
     */
    static int removeOwn(Path parent, String user, int nodeId, String endpoint) {
        return remove(parent, nodePrefix(user, nodeId, endpoint), directory -> true);
    }

    private static int remove(Path parent, String prefix, Predicate<Path> condition) {
        int removed = 0;
        try (DirectoryStream<Path> found = Files.newDirectoryStream(parent, prefix + "*")) {
            for (Path directory : found) {
                if (condition.test(directory)) {
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
        if (isAlive(processId)) {
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
