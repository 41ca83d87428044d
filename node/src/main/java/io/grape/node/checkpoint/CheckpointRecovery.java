package io.grape.node.checkpoint;

import io.grape.codecs.FaultException;
import io.grape.codecs.sbe.ErrorCode;
import io.grape.node.state.CollectionStore;
import io.grape.node.state.NoStore;
import io.grape.node.state.StateMachine;
import io.grape.raft.core.RaftLog;
import io.grape.vectors.model.VectorsException;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings a group's state back to its newest checkpoint, before anything runs: what follows is replayed from the log.
 *
 * <p>The manifest's checksum is always checked here; the stores' blocks are checked afterwards by
 * {@link CheckpointVerifier}, so that the time of a start does not grow with the data.
 */
final class CheckpointRecovery {
    private static final Logger LOG = LoggerFactory.getLogger(CheckpointRecovery.class);

    private final CheckpointDirectory directory;
    private final StoreOpener opener;

    CheckpointRecovery(CheckpointDirectory directory, StoreOpener opener) {
        this.directory = directory;
        this.opener = opener;
    }

    /**
     * Loads the newest checkpoint into an empty state machine and removes what it does not name.
     *
     * @param log of the group; must reach the checkpoint
     * @return the checkpoint, or null if there is none and the log holds everything
     * @throws FaultException DATA_CORRUPT, naming file, offset, expected and actual; nothing was removed then
     */
    @Nullable
    Checkpoint recover(StateMachine machine, RaftLog log) {
        CheckpointManifest manifest = directory.newest();
        long index = manifest == null ? 0 : manifest.index();
        if (log.firstIndex() > index + 1) {
            throw new FaultException(
                    FaultException.Severity.FAIL_NODE,
                    ErrorCode.DATA_CORRUPT,
                    "the log begins with entry " + log.firstIndex() + ", the newest readable checkpoint "
                            + directory.path(index) + " ends with entry " + index + ": entries " + (index + 1) + " to "
                            + (log.firstIndex() - 1) + " are in neither. Restore the checkpoint from a backup, or move "
                            + "the data away if the other members are a majority without this one",
                    null);
        }
        if (manifest == null) {
            directory.removeAllBut(Set.of(), 0);
            return null;
        }
        Map<Integer, CollectionStore> stores = open(manifest);
        Set<String> named = new HashSet<>();
        manifest.stores().forEach(store -> named.add(store.directoryName()));
        directory.removeAllBut(named, index);
        machine.load(manifest.index(), manifest.state(), id -> stores.getOrDefault(id, NoStore.INSTANCE));
        LOG.info(
                "checkpoint loaded group={} index={} term={} collections={} points={}",
                manifest.groupId(),
                manifest.index(),
                manifest.term(),
                stores.size(),
                machine.catalog().points());
        return Checkpoint.of(manifest);
    }

    /** Opens every store of a manifest, or none. */
    Map<Integer, CollectionStore> open(CheckpointManifest manifest) {
        Map<Integer, CollectionStore> stores = new TreeMap<>();
        try {
            for (StoreSection section : manifest.stores()) {
                stores.put(
                        section.collectionId(),
                        opener.open(directory.collections().resolve(section.directoryName()), section));
            }
            return stores;
        } catch (VectorsException ex) {
            stores.values().forEach(CollectionStore::close);
            throw new FaultException(
                    FaultException.Severity.FAIL_NODE,
                    ErrorCode.DATA_CORRUPT,
                    "checkpoint " + directory.path(manifest.index()) + " cannot be opened: " + ex.getMessage(),
                    ex);
        } catch (RuntimeException ex) {
            stores.values().forEach(CollectionStore::close);
            throw ex;
        }
    }
}
