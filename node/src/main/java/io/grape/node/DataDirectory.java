package io.grape.node;

import io.grape.codecs.FaultException;
import io.grape.codecs.GrapeException;
import io.grape.codecs.sbe.ErrorCode;
import io.grape.shards.ShardTable;
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
 * node.identity   text, one key=value a line: format, node, disk, incarnation, shards, groups
 * journal/        the log
 * checkpoints/    for each group what its stores held at an index; the log goes on from there
 * collections/    for each group its vectors; brought back to the checkpoint at start
 * </pre>
 *
 * <p>The disk is a number drawn when the directory is made: it is what a member of a group is bound to, so that a directory
 * that was emptied, or another one under the same node id, is not taken for it. The incarnation rises with every start, so
 * that peers can tell a process from its past.
 */
public final class DataDirectory implements AutoCloseable {
    /** Format of the directory that this version writes and reads. */
    public static final int FORMAT = 3;

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
     * @param shape       what the cluster was formed with
     */
    private record Identity(long diskId, long incarnation, Shape shape) {}

    /**
     * What a cluster is formed with; it stays with the data.
     *
     * @param shards number of shards
     * @param groups number of data groups
     */
    public record Shape(int shards, int groups) {}

    private DataDirectory(Path path, FileChannel lockChannel, FileLock lock, Identity identity) {
        this.path = path;
        this.lockChannel = lockChannel;
        this.lock = lock;
        this.identity = identity;
    }

    /** As {@link #open(Path, int, Shape)}, with the default number of shards and one group. */
    public static DataDirectory open(Path path, int nodeId) {
        return open(path, nodeId, new Shape(ShardTable.DEFAULT_SHARD_COUNT, 1));
    }

    /**
     * Makes or opens a node's directory.
     *
     * @param shape written into a new directory; an old one must have the same
     * @throws GrapeException DATA_LOCKED, DATA_OWNED_BY_OTHER_NODE, DATA_FORMAT_UNSUPPORTED or DATA_CORRUPT
     */
    public static DataDirectory open(Path path, int nodeId, Shape shape) {
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
                return new DataDirectory(path, channel, lock, nextLife(path, nodeId, shape));
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

    private static Identity nextLife(Path path, int nodeId, Shape shape) throws IOException {
        Path file = path.resolve(IDENTITY);
        long incarnation = 1;
        long diskId = 0;
        if (Files.exists(file)) {
            Map<String, String> identity = read(file);
            long format = number(file, identity, "format");
            if (format > FORMAT) {
                throw new GrapeException(
                        ErrorCode.DATA_FORMAT_UNSUPPORTED,
                        path + " was written by format " + format + ", this version reads up to " + FORMAT
                                + ": run the newer version, or use another directory");
            }
            if (format < FORMAT) {
                throw new GrapeException(
                        ErrorCode.DATA_FORMAT_UNSUPPORTED,
                        path + " was written by format " + format
                                + ", which kept everything in one group; this version "
                                + "reads format " + FORMAT + ": start it on an empty directory and write the points "
                                + "again, or go on with the version that wrote it. Nothing was changed");
            }
            long owner = number(file, identity, "node");
            if (owner != nodeId) {
                throw new GrapeException(
                        ErrorCode.DATA_OWNED_BY_OTHER_NODE,
                        path + " belongs to node " + owner + ", not to node " + nodeId
                                + ": check node.id and data.directory; using it would let one node vote as another");
            }
            incarnation = number(file, identity, "incarnation") + 1;
            diskId = number(file, identity, "disk");
            Shape formed = new Shape((int) number(file, identity, "shards"), (int) number(file, identity, "groups"));
            if (!formed.equals(shape)) {
                throw new GrapeException(
                        ErrorCode.INVALID_CONFIGURATION,
                        path + " belongs to a cluster of " + formed.shards() + " shards and " + formed.groups()
                                + " groups, not of " + shape.shards() + " and " + shape.groups()
                                + ": set cluster.shards and cluster.groups to what the cluster was formed with");
            }
        }
        diskId = diskId == 0 ? drawDiskId() : diskId;
        write(
                path,
                file,
                "format=" + FORMAT + "\nnode=" + nodeId + "\ndisk=" + diskId + "\nincarnation=" + incarnation
                        + "\nshards=" + shape.shards() + "\ngroups=" + shape.groups() + "\n");
        return new Identity(diskId, incarnation, shape);
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

    /** Returns where the vectors of all groups lie. */
    public Path collections() {
        return path.resolve("collections");
    }

    /** Returns where a group's vectors lie. */
    public Path collections(int groupId) {
        return collections().resolve(Integer.toString(groupId));
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

    /** Returns what the cluster was formed with. */
    public Shape shape() {
        return identity.shape();
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
