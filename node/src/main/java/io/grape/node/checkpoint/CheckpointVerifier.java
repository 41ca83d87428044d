package io.grape.node.checkpoint;

import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares every block of a checkpoint's stores with its checksum, beside the running node and with pauses.
 *
 * <p>A difference is thrown: the owner stops the node with it. A thread of its own.
 */
final class CheckpointVerifier implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(CheckpointVerifier.class);

    /** A MiB takes about 0.3 ms, so this leaves most of a core to others. */
    private static final long PAUSE_NS = 2_000_000;

    private final CheckpointManifest manifest;
    private final Path collections;
    private final BooleanSupplier stopped;

    CheckpointVerifier(CheckpointManifest manifest, Path collections, BooleanSupplier stopped) {
        this.manifest = manifest;
        this.collections = collections;
        this.stopped = stopped;
    }

    /** @throws io.grape.codecs.FaultException DATA_CORRUPT, naming file, offset, expected and actual */
    @Override
    public void run() {
        BlockChecksums checksums = new BlockChecksums();
        for (StoreSection section : manifest.stores()) {
            if (stopped.getAsBoolean()) {
                return;
            }
            checksums.verify(section, collections, () -> LockSupport.parkNanos(PAUSE_NS));
        }
        LOG.info("checkpoint verified group={} index={}", manifest.groupId(), manifest.index());
    }
}
