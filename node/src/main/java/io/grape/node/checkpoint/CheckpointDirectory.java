package io.grape.node.checkpoint;

import io.grape.codecs.FaultException;
import io.grape.codecs.sbe.ErrorCode;
import io.grape.node.state.StateCodec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The manifests of one group: files named by index, the newest of which counts, and the collections' directories.
 *
 * <p>A manifest is written under another name, forced, renamed and its name forced; the one before it is removed only after
 * that. So there is always a whole one once there was a first. Any thread; one waits for the other.
 */
final class CheckpointDirectory {
    static final String SUFFIX = ".checkpoint";

    private static final Logger LOG = LoggerFactory.getLogger(CheckpointDirectory.class);
    private static final String TEMPORARY = ".next";
    private static final Pattern STORE_NAME = Pattern.compile("(\\d{1,9})(?:@(\\d{1,18}))?");

    private final Path directory;
    private final Path collections;
    private final ManifestFiles files;
    private final CheckpointStep.Listener steps;
    private long newestIndex;

    /**
     * @param directory   of the manifests; made if missing
     * @param collections of the group's stores, a directory each
     */
    CheckpointDirectory(Path directory, Path collections, ManifestFiles files, CheckpointStep.Listener steps) {
        this.directory = directory;
        this.collections = collections;
        this.files = files;
        this.steps = steps;
        try {
            Files.createDirectories(directory);
            Files.createDirectories(collections);
        } catch (IOException ex) {
            throw failed("cannot make " + directory + " or " + collections, ex);
        }
    }

    Path collections() {
        return collections;
    }

    Path path(long index) {
        return directory.resolve(String.format("%019d", index) + SUFFIX);
    }

    /**
     * Returns the newest readable manifest, or null if there is none at all. A damaged one is passed over for an older one
     * that is whole; the caller checks that the log still reaches it.
     *
     * @throws FaultException DATA_CORRUPT if there are manifests but none is whole
     */
    @Nullable
    synchronized CheckpointManifest newest() {
        FaultException damage = null;
        List<Path> found = new ArrayList<>(list(SUFFIX));
        Collections.reverse(found);
        for (Path file : found) {
            try {
                CheckpointManifest manifest = CheckpointManifest.decode(files.read(file), file);
                newestIndex = manifest.index();
                return manifest;
            } catch (FaultException ex) {
                if (ex.code() != ErrorCode.DATA_CORRUPT) {
                    throw ex;
                }
                LOG.error("checkpoint damaged file={} text=\"{}\"", file, ex.getMessage());
                damage = damage == null ? ex : damage;
            } catch (IOException ex) {
                throw failed("cannot read " + file, ex);
            }
        }
        if (damage != null) {
            throw damage;
        }
        return null;
    }

    /**
     * Makes a manifest the newest durable one.
     *
     * @return false if there is a newer one already, as after an install; then nothing was written
     * @throws FaultException RETRY and STORAGE_FULL if there is no room, and FAIL_NODE if a force failed
     */
    synchronized boolean write(CheckpointManifest manifest) {
        if (manifest.index() <= newestIndex) {
            return false;
        }
        stage(manifest);
        publish(manifest);
        return true;
    }

    /** Writes and forces a manifest under a name that does not count. */
    synchronized void stage(CheckpointManifest manifest) {
        Path temporary = temporary(manifest.index());
        writeTemporary(temporary, manifest);
        steps.reached(CheckpointStep.MANIFEST_WRITTEN);
        try {
            files.force(temporary);
        } catch (IOException ex) {
            throw failed("cannot force the checkpoint " + temporary, ex);
        }
        steps.reached(CheckpointStep.MANIFEST_FORCED);
    }

    /** Gives a staged manifest the name that counts. */
    synchronized void publish(CheckpointManifest manifest) {
        try {
            files.rename(temporary(manifest.index()), path(manifest.index()));
            steps.reached(CheckpointStep.MANIFEST_RENAMED);
            files.forceDirectory(directory);
        } catch (IOException ex) {
            throw failed("cannot name the checkpoint " + path(manifest.index()), ex);
        }
        newestIndex = manifest.index();
        steps.reached(CheckpointStep.MANIFEST_DURABLE);
    }

    private Path temporary(long index) {
        return directory.resolve(path(index).getFileName() + TEMPORARY);
    }

    private void writeTemporary(Path temporary, CheckpointManifest manifest) {
        try {
            files.write(temporary, manifest.encode());
        } catch (IOException ex) {
            // Nothing was promised yet, so a full disk costs this checkpoint only.
            FaultException fault = new FaultException(
                    FaultException.Severity.RETRY,
                    ErrorCode.STORAGE_FULL,
                    "cannot write the checkpoint " + temporary + ": " + ex,
                    ex);
            try {
                files.delete(temporary);
            } catch (IOException again) {
                fault.addSuppressed(again);
            }
            throw fault;
        }
    }

    /**
     * Removes manifests other than the given one, what was left half written, and the directories of stores that were
     * dropped before it. Directories of collections that came later, and of snapshots that are arriving, stay.
     */
    synchronized void removeOthers(CheckpointManifest kept, Set<String> alsoInUse) {
        if (kept.index() < newestIndex) {
            return;
        }
        Set<String> named = new HashSet<>(alsoInUse);
        kept.stores().forEach(store -> named.add(store.directoryName()));
        int nextCollectionId = StateCodec.nextCollectionId(kept.state());
        try {
            for (Path file : list(SUFFIX)) {
                if (!file.equals(path(kept.index()))) {
                    files.delete(file);
                }
            }
            for (Path file : list(TEMPORARY)) {
                // A later one is of a snapshot that waits to be installed.
                if (file.compareTo(temporary(kept.index())) <= 0) {
                    files.delete(file);
                }
            }
            // Directories only when the manifests that named them are gone for good.
            files.forceDirectory(directory);
            for (Path path : stores()) {
                String name = path.getFileName().toString();
                if (!named.contains(name) && isOfThePast(name, nextCollectionId, kept.index())) {
                    files.delete(path);
                }
            }
            steps.reached(CheckpointStep.OLD_REMOVED);
        } catch (IOException ex) {
            throw failed("cannot clean " + directory, ex);
        }
    }

    private static boolean isOfThePast(String name, int nextCollectionId, long index) {
        Matcher parts = STORE_NAME.matcher(name);
        if (!parts.matches()) {
            return false;
        }
        String installedAt = parts.group(2);
        return installedAt == null
                ? Integer.parseInt(parts.group(1)) < nextCollectionId
                : Long.parseLong(installedAt) <= index;
    }

    /**
     * Before anything runs: removes what was left half written, and all directories of stores but the named ones and those
     * of later snapshots, which may go on arriving.
     */
    void removeAllBut(Set<String> named, long index) {
        try {
            for (Path file : list(TEMPORARY)) {
                files.delete(file);
            }
            for (Path path : stores()) {
                String name = path.getFileName().toString();
                if (!named.contains(name) && isOfThePast(name, Integer.MAX_VALUE, index)) {
                    files.delete(path);
                }
            }
        } catch (IOException ex) {
            throw failed("cannot clean " + collections, ex);
        }
    }

    private List<Path> stores() throws IOException {
        try (Stream<Path> all = Files.list(collections)) {
            return all.toList();
        }
    }

    private List<Path> list(String suffix) {
        try {
            return files.list(directory, suffix);
        } catch (IOException ex) {
            throw failed("cannot list " + directory, ex);
        }
    }

    static FaultException failed(String what, Exception cause) {
        return new FaultException(FaultException.Severity.FAIL_NODE, ErrorCode.IO_FAILURE, what + ": " + cause, cause);
    }
}
