package io.grape.node.checkpoint;

import io.grape.codecs.FaultException;
import io.grape.codecs.GrapeException;
import io.grape.codecs.sbe.ErrorCode;
import io.grape.node.state.StateCodec;
import io.grape.raft.core.membership.ConfigurationCodec;
import io.grape.raft.core.membership.Membership;
import io.grape.vectors.model.VectorsException;
import io.grape.vectors.segment.StoreImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.agrona.DirectBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Copies the newest checkpoints of all groups of a data directory to another, and checks every block of it on the way.
 *
 * <p>The source may be a running node: a checkpoint's files can be read as they were at its index however far the node has
 * gone. The copy holds no journal and no identity, so it can be a backup, and a data directory of a node that begins a new
 * life: one that has voted for nobody yet. Any thread; nothing of the source is changed.
 */
public final class CheckpointCopy {
    private static final int ATTEMPTS = 5;

    private CheckpointCopy() {}

    /**
     * What was copied or checked of one group.
     *
     * @param groupId     the group
     * @param index       of the checkpoint
     * @param term        of that entry
     * @param collections number of collections
     * @param points      live points
     * @param bytes       of the stores' files
     */
    public record Summary(int groupId, long index, long term, int collections, long points, long bytes) {}

    /** Where the parts of a data directory lie. */
    private record Home(Path manifests, Path collections) {
        static Home of(Path data, int groupId) {
            return new Home(
                    data.resolve("checkpoints").resolve(Integer.toString(groupId)),
                    data.resolve("collections").resolve(Integer.toString(groupId)));
        }
    }

    /**
     * Copies the newest checkpoint of every group.
     *
     * @param from    data directory or backup
     * @param to      must not exist, or be empty
     * @param members the copy's members in place of those of the checkpoint; null to keep them
     * @return what was copied, by ascending group id
     * @throws GrapeException INVALID_CONFIGURATION if the target is not empty or a group of the source has no checkpoint;
     *     BACK_PRESSURE if group 0's checkpoint is older than what a data group was told of the collections; DATA_CORRUPT,
     *     naming file, offset, expected and actual; STORAGE_FULL
     */
    public static List<Summary> copy(Path from, Path to, @Nullable Membership members) {
        requireEmpty(to);
        List<Integer> groups = groups(from);
        requireOneCatalog(from, groups);
        List<Summary> copied = new ArrayList<>();
        // Group 0 last: a collection that a data group has must be in its catalog, while the other way round is made
        // good.
        for (int groupId : groups.reversed()) {
            copied.addFirst(copy(from, to, groupId, members));
        }
        requireOneCatalog(to, groups);
        return copied;
    }

    /** Returns the groups of a data directory or backup, ascending. */
    private static List<Integer> groups(Path from) {
        Path checkpoints = from.resolve("checkpoints");
        if (!Files.isDirectory(checkpoints)) {
            throw noCheckpoint(from);
        }
        try (Stream<Path> found = Files.list(checkpoints)) {
            return found.map(path -> path.getFileName().toString())
                    .filter(name -> name.matches("\\d{1,5}"))
                    .map(Integer::valueOf)
                    .sorted()
                    .toList();
        } catch (IOException ex) {
            throw CheckpointDirectory.failed("cannot look into " + checkpoints, ex);
        }
    }

    private static void requireOneCatalog(Path from, List<Integer> groups) {
        if (groups.isEmpty()) {
            throw noCheckpoint(from);
        }
        long known = StateCodec.catalogRevision(newest(from, groups.getFirst()).state());
        for (int groupId : groups) {
            if (StateCodec.catalogRevision(newest(from, groupId).state()) > known) {
                throw new GrapeException(
                        ErrorCode.BACK_PRESSURE,
                        "the checkpoint of group " + groupId + " knows of a change of the collections that the one of "
                                + "group " + groups.getFirst() + " does not have yet: try again in a second");
            }
        }
    }

    private static Summary copy(Path from, Path to, int groupId, @Nullable Membership members) {
        for (int attempt = 1; ; attempt++) {
            CheckpointManifest manifest = newest(from, groupId);
            try {
                return copy(manifest, Home.of(from, groupId), Home.of(to, groupId), members);
            } catch (VectorsException ex) {
                // A running node may have taken a newer checkpoint and removed what only this one named.
                if (attempt == ATTEMPTS || newest(from, groupId).index() == manifest.index()) {
                    throw new FaultException(
                            FaultException.Severity.FAIL_NODE,
                            ErrorCode.DATA_CORRUPT,
                            String.valueOf(ex.getMessage()),
                            ex);
                }
            } catch (IOException ex) {
                throw new FaultException(
                        FaultException.Severity.RETRY,
                        ErrorCode.STORAGE_FULL,
                        "cannot copy checkpoint " + manifest.index() + " to " + to + ": " + ex,
                        ex);
            }
        }
    }

    /**
     * Reads every block of the newest checkpoint of every group.
     *
     * @throws GrapeException as {@link #copy}
     */
    public static List<Summary> verify(Path data) {
        List<Integer> groups = groups(data);
        requireOneCatalog(data, groups);
        return groups.stream().map(groupId -> verify(data, groupId)).toList();
    }

    private static Summary verify(Path data, int groupId) {
        CheckpointManifest manifest = newest(data, groupId);
        BlockChecksums checksums = new BlockChecksums();
        try {
            for (StoreSection store : manifest.stores()) {
                checksums.verify(store, Home.of(data, groupId).collections(), () -> {});
            }
        } catch (VectorsException ex) {
            throw new FaultException(
                    FaultException.Severity.FAIL_NODE, ErrorCode.DATA_CORRUPT, String.valueOf(ex.getMessage()), ex);
        }
        return summary(manifest);
    }

    private static void requireEmpty(Path to) {
        try {
            if (Files.exists(to)) {
                try (Stream<Path> found = Files.list(to)) {
                    if (found.findAny().isPresent()) {
                        throw new GrapeException(
                                ErrorCode.INVALID_CONFIGURATION,
                                to + " is not empty: name a directory that does not exist, nothing is overwritten");
                    }
                }
            }
        } catch (IOException ex) {
            throw CheckpointDirectory.failed("cannot look into " + to, ex);
        }
    }

    private static CheckpointManifest newest(Path data, int groupId) {
        Home home = Home.of(data, groupId);
        CheckpointManifest manifest = Files.isDirectory(home.manifests())
                ? new CheckpointDirectory(
                                home.manifests(),
                                home.collections(),
                                new PlatformManifestFiles(),
                                CheckpointStep.Listener.NONE)
                        .newest()
                : null;
        if (manifest == null) {
            throw noCheckpoint(home.manifests());
        }
        return manifest;
    }

    private static GrapeException noCheckpoint(Path where) {
        return new GrapeException(
                ErrorCode.INVALID_CONFIGURATION,
                where + " holds no checkpoint: a node takes one when it is stopped cleanly, and by "
                        + "checkpoint.entries, checkpoint.journal-mib and checkpoint.interval-s while it runs");
    }

    private static Summary copy(CheckpointManifest manifest, Home from, Home to, @Nullable Membership members)
            throws IOException {
        Files.createDirectories(to.manifests());
        List<StoreSection> copied = new ArrayList<>();
        for (StoreSection store : manifest.stores()) {
            StoreSection here = store.movedTo(0);
            copy(store, from.collections(), here.image(to.collections()));
            copied.add(here);
        }
        CheckpointManifest written = new CheckpointManifest(
                manifest.groupId(),
                manifest.index(),
                manifest.term(),
                members == null ? manifest.membership() : encode(members),
                manifest.state(),
                List.copyOf(copied));
        // Last, so that what was interrupted is no backup.
        new CheckpointDirectory(
                        to.manifests(), to.collections(), new PlatformManifestFiles(), CheckpointStep.Listener.NONE)
                .write(written);
        return summary(written);
    }

    private static void copy(StoreSection store, Path collections, StoreImage target) throws IOException {
        BlockChecksums reader = new BlockChecksums();
        StoreImage source = store.image(collections);
        Files.createDirectories(target.directory());
        for (int file = 0; file < source.fileCount(); file++) {
            Path path = target.directory().resolve(target.fileName(file));
            try (StoreImage.OpenFile open = source.open(file);
                    FileChannel channel = FileChannel.open(
                            path,
                            StandardOpenOption.CREATE,
                            StandardOpenOption.TRUNCATE_EXISTING,
                            StandardOpenOption.WRITE)) {
                for (int block = 0; block < store.checksums()[file].length; block++) {
                    int actual = reader.read(open, source.fileBytes(file), block);
                    if (actual != store.checksums()[file][block]) {
                        throw CheckpointManifest.damaged(
                                source.directory().resolve(source.fileName(file)),
                                (long) block * StoreSection.BLOCK_BYTES,
                                "CRC32C 0x" + Integer.toHexString(store.checksums()[file][block]) + " of the block",
                                "0x" + Integer.toHexString(actual));
                    }
                    ByteBuffer bytes = reader.bytes();
                    while (bytes.hasRemaining()) {
                        channel.write(bytes);
                    }
                }
            }
        }
        target.force();
    }

    private static byte[] encode(Membership members) {
        DirectBuffer encoded = ConfigurationCodec.encode(members);
        byte[] bytes = new byte[encoded.capacity()];
        encoded.getBytes(0, bytes);
        return bytes;
    }

    private static Summary summary(CheckpointManifest manifest) {
        long points = 0;
        long bytes = 0;
        for (StoreSection store : manifest.stores()) {
            points += store.manifest().live();
            StoreImage image = store.image(Path.of(""));
            for (int file = 0; file < image.fileCount(); file++) {
                bytes += image.fileBytes(file);
            }
        }
        return new Summary(
                manifest.groupId(),
                manifest.index(),
                manifest.term(),
                manifest.stores().size(),
                points,
                bytes);
    }
}
