package io.grape.node.checkpoint;

import io.grape.vectors.model.VectorShape;
import io.grape.vectors.segment.StoreImage;
import io.grape.vectors.segment.StoreManifest;
import java.nio.file.Path;

/**
 * What a checkpoint says of one collection's store.
 *
 * @param collectionId of the collection
 * @param installedAt  index of the snapshot that brought the store's directory; 0 if it grew here
 * @param shape        dimension and metric
 * @param manifest     rows, sequence and files at the checkpoint
 * @param checksums    CRC32C for each MiB of each file, as {@link StoreImage} reads it
 */
@SuppressWarnings("ArrayRecordComponent") // read once, never shared
public record StoreSection(
        int collectionId, long installedAt, VectorShape shape, StoreManifest manifest, int[][] checksums) {
    /** Bytes under one checksum. */
    public static final int BLOCK_BYTES = 1 << 20;

    /** Returns the name of the store's directory within the group's collections. */
    public String directoryName() {
        return directoryName(collectionId, installedAt);
    }

    static String directoryName(int collectionId, long installedAt) {
        return installedAt == 0 ? Integer.toString(collectionId) : collectionId + "@" + installedAt;
    }

    /** Returns the store's files at the checkpoint. */
    public StoreImage image(Path collections) {
        return StoreImage.of(collections.resolve(directoryName()), shape, manifest);
    }

    /** Returns the same of a store whose directory came with a snapshot. */
    StoreSection movedTo(long newInstalledAt) {
        return new StoreSection(collectionId, newInstalledAt, shape, manifest, checksums);
    }

    static int blocks(long fileBytes) {
        return (int) ((fileBytes + BLOCK_BYTES - 1) / BLOCK_BYTES);
    }
}
