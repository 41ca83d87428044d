package io.grape.node;

import io.grape.codecs.FaultException;
import io.grape.codecs.GrapeException;
import io.grape.codecs.sbe.ErrorCode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A node's directory: locked by one process, marked with whose it is, and counting its lives.
 *
 * <pre>
 * node.lock       held while a process uses the directory
 * node.identity   text, one key=value a line: format, node, disk, incarnation
 * journal/        the log
 * checkpoints/    for each group what its stores held at an index; the log goes on from there
 * collections/    vectors; brought back to the checkpoint at start
 * </pre>
 *
 * <p>The disk is a number drawn when the directory is made: it is what a member of a group is bound to, so that a directory
 * that was emptied, or another one under the same node id, is not taken for it. The incarnation rises with every start, so
 * that peers can tell a process from its past.
 */
public final class DataDirectory implements AutoCloseable {
    /** Format of the directory that this version writes and reads. */
    public static final int FORMAT = 2;

    private static final int FORMAT_WITH_DISK = 2;
    private static final String IDENTITY = "node.identity";

    private final Path path;
    private final FileChannel lockChannel;
    private final FileLock lock;
    private final Identity identity;

    /**
     * Whose the directory is.
     *
     * @param diskId      positive
     * @param incarnation from 1
     * @param upgraded    whether a version that drew no disk made the directory
     */
    private record Identity(long diskId, long incarnation, boolean upgraded) {}

    private DataDirectory(Path path, FileChannel lockChannel, FileLock lock, Identity identity) {
        this.path = path;
        this.lockChannel = lockChannel;
        this.lock = lock;
        this.identity = identity;
    }

    /**
     * Makes or opens a node's directory.
     *
     * @throws GrapeException DATA_LOCKED, DATA_OWNED_BY_OTHER_NODE, DATA_FORMAT_UNSUPPORTED or DATA_CORRUPT
     */
    public static DataDirectory open(Path path, int nodeId) {
        try {
            Files.createDirectories(path);
            FileChannel channel =
                    FileChannel.open(path.resolve("node.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            FileLock lock = tryLock(channel);
            if (lock == null) {
                channel.close();
                throw new GrapeException(
                        ErrorCode.DATA_LOCKED,
                        "another process uses " + path + ": stop it, or give this node a directory of its own");
            }
            try {
                return new DataDirectory(path, channel, lock, nextLife(path, nodeId));
            } catch (IOException | RuntimeException ex) {
                lock.release();
                channel.close();
                throw ex;
            }
        } catch (IOException ex) {
            throw new FaultException(
                    FaultException.Severity.FAIL_NODE, ErrorCode.IO_FAILURE, "cannot use " + path + ": " + ex, ex);
        }
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException ex) {
            return null; // this very process holds it
        }
    }

    private static Identity nextLife(Path path, int nodeId) throws IOException {
        Path file = path.resolve(IDENTITY);
        long incarnation = 1;
        long diskId = 0;
        boolean upgraded = false;
        if (Files.exists(file)) {
            Map<String, String> identity = read(file);
            long format = number(file, identity, "format");
            if (format > FORMAT) {
                throw new GrapeException(
                        ErrorCode.DATA_FORMAT_UNSUPPORTED,
                        path + " was written by format " + format + ", this version reads up to " + FORMAT
                                + ": run the newer version, or use another directory");
            }
            long owner = number(file, identity, "node");
            if (owner != nodeId) {
                throw new GrapeException(
                        ErrorCode.DATA_OWNED_BY_OTHER_NODE,
                        path + " belongs to node " + owner + ", not to node " + nodeId
                                + ": check node.id and data.directory; using it would let one node vote as another");
            }
            incarnation = number(file, identity, "incarnation") + 1;
            upgraded = format < FORMAT_WITH_DISK;
            diskId = upgraded ? 0 : number(file, identity, "disk");
        }
        diskId = diskId == 0 ? drawDiskId() : diskId;
        write(
                path,
                file,
                "format=" + FORMAT + "\nnode=" + nodeId + "\ndisk=" + diskId + "\nincarnation=" + incarnation + "\n");
        return new Identity(diskId, incarnation, upgraded);
    }

    /** Draws 59 bits, never 0, so that the number has at most the 18 digits that {@link #number} reads. */
    private static long drawDiskId() {
        return 1 + (new SecureRandom().nextLong() >>> 5);
    }

    private static Map<String, String> read(Path file) throws IOException {
        Map<String, String> identity = new LinkedHashMap<>();
        for (String line : Files.readString(file, StandardCharsets.UTF_8).split("\n", -1)) {
            int equals = line.indexOf('=');
            if (equals > 0) {
                identity.put(
                        line.substring(0, equals), line.substring(equals + 1).trim());
            }
        }
        return identity;
    }

    private static long number(Path file, Map<String, String> identity, String key) {
        String value = identity.get(key);
        if (value == null || !value.matches("\\d{1,18}")) {
            throw new GrapeException(
                    ErrorCode.DATA_CORRUPT,
                    file + " has no whole number for '" + key + "' (found: " + value
                            + "): restore it, or move the directory away and let the node copy its data from its peers");
        }
        return Long.parseLong(value);
    }

    /** Replaces the file as a whole and forces both it and its name. */
    private static void write(Path directory, Path file, String text) throws IOException {
        Path next = directory.resolve(IDENTITY + ".next");
        try (FileChannel channel = FileChannel.open(
                next, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            ByteBuffer bytes = StandardCharsets.UTF_8.encode(text);
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /** Returns where the journal lies. */
    public Path journal() {
        return path.resolve("journal");
    }

    /** Returns where the vectors lie. */
    public Path collections() {
        return path.resolve("collections");
    }

    /** Returns where a group's checkpoints lie. */
    public Path checkpoints(int groupId) {
        return path.resolve("checkpoints").resolve(Integer.toString(groupId));
    }

    /** Returns the number of this life of the node, beginning with 1. */
    public long incarnation() {
        return identity.incarnation();
    }

    /** Returns the number that was drawn when the directory was made, positive. */
    public long diskId() {
        return identity.diskId();
    }

    /** Returns whether an earlier version made the directory: its disk was drawn now, and it may hold a past already. */
    public boolean isUpgraded() {
        return identity.upgraded();
    }

    @Override
    public void close() {
        try {
            lock.release();
            lockChannel.close();
        } catch (IOException ex) {
            throw new FaultException(
                    FaultException.Severity.RETRY, ErrorCode.IO_FAILURE, "cannot release " + path + ": " + ex, ex);
        }
    }
}
