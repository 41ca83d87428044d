package io.grape.node.checkpoint;

import io.grape.vectors.segment.StoreImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes a captured state durable: forces the stores' files, sums them up, writes the manifest, removes what it replaces.
 *
 * <p>The stores go on meanwhile. Thread: the checkpointer's, or any one when nothing else runs.
 */
final class CheckpointWriter {
    private final CheckpointDirectory directory;
    private final CheckpointStep.Listener steps;
    private final BlockChecksums checksums = new BlockChecksums();

    CheckpointWriter(CheckpointDirectory directory, CheckpointStep.Listener steps) {
        this.directory = directory;
        this.steps = steps;
    }

    /**
     * Writes a checkpoint.
     *
     * @param alsoInUse directories of stores that a stream to a follower still reads
     * @return the checkpoint, or null if a newer one was installed meanwhile
     * @throws io.grape.codecs.FaultException RETRY if there is no room: the one before stays; FAIL_NODE if a force failed
     */
    @Nullable
    Checkpoint write(StateCapture capture, Set<String> alsoInUse) {
        steps.reached(CheckpointStep.CAPTURED);
        List<StoreImage> images = new ArrayList<>();
        for (StoreSection store : capture.stores()) {
            StoreImage image = store.image(directory.collections());
            image.force();
            images.add(image);
        }
        steps.reached(CheckpointStep.STORES_FORCED);
        List<StoreSection> sections = new ArrayList<>();
        for (int i = 0; i < images.size(); i++) {
            StoreSection store = capture.stores().get(i);
            sections.add(new StoreSection(
                    store.collectionId(),
                    store.installedAt(),
                    store.shape(),
                    store.manifest(),
                    checksums.of(images.get(i))));
        }
        steps.reached(CheckpointStep.CHECKSUMMED);
        CheckpointManifest manifest = new CheckpointManifest(
                capture.groupId(), capture.index(), capture.term(), capture.membership(), capture.state(), sections);
        if (!directory.write(manifest)) {
            return null;
        }
        directory.removeOthers(manifest, alsoInUse);
        return Checkpoint.of(manifest);
    }
}
