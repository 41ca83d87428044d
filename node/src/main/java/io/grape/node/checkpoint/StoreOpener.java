package io.grape.node.checkpoint;

import io.grape.node.state.CollectionStore;
import java.nio.file.Path;

/** Opens the store of a checkpoint. Any thread. */
@FunctionalInterface
public interface StoreOpener {
    /** Opens the store in a directory as a section describes it. */
    CollectionStore open(Path directory, StoreSection section);
}
