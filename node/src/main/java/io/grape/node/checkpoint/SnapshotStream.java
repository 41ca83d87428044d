package io.grape.node.checkpoint;

import io.grape.vectors.segment.StoreImage;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import org.agrona.MutableDirectBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Reads a checkpoint as its stream, from the files of the running stores.
 *
 * <p>Thread: the pipeline's. A block is read and checked at once when its first chunk is asked for, about 0.4 ms while the
 * file is in memory.
 */
final class SnapshotStream implements AutoCloseable {
    private static final int NONE = -1;

    private final Checkpoint checkpoint;
    private final SnapshotLayout layout;
    private final Path collections;
    private final BlockChecksums blocks = new BlockChecksums();
    private final ByteBuffer seal =
            ByteBuffer.allocate(SnapshotLayout.SEAL_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    private final byte[] manifest;
    private int loaded = NONE;
    private StoreImage.@Nullable OpenFile open;
    private int openSection = NONE;
    private int openFile = NONE;

    SnapshotStream(Checkpoint checkpoint, Path collections) {
        this.checkpoint = checkpoint;
        this.collections = collections;
        this.layout = new SnapshotLayout(checkpoint.manifest(), checkpoint.bytes().length);
        this.manifest = java.util.Arrays.copyOf(checkpoint.bytes(), layout.manifestBytes());
        seal.putLong(SnapshotLayout.SEAL_MAGIC).putLong(checkpoint.index());
    }

    long totalBytes() {
        return layout.totalBytes();
    }

    /** Copies what follows an offset, up to a bound of the stream; returns the bytes copied. */
    int read(long offset, MutableDirectBuffer target, int targetOffset, int maxLength) {
        if (offset < layout.manifestBytes()) {
            int length = (int) Math.min(maxLength, layout.manifestBytes() - offset);
            target.putBytes(targetOffset, manifest, (int) offset, length);
            return length;
        }
        if (offset >= layout.sealStart()) {
            int at = (int) (offset - layout.sealStart());
            int length = Math.min(maxLength, SnapshotLayout.SEAL_BYTES - at);
            target.putBytes(targetOffset, seal.array(), at, length);
            return length;
        }
        int block = layout.blockAt(offset);
        load(block);
        int at = (int) (offset - layout.start(block));
        int length = Math.min(maxLength, layout.length(block) - at);
        target.putBytes(targetOffset, blocks.bytes(), at, length);
        return length;
    }

    private void load(int block) {
        if (loaded == block) {
            return;
        }
        loaded = NONE;
        StoreSection section = checkpoint.manifest().stores().get(layout.section(block));
        StoreImage image = section.image(collections);
        int file = layout.file(block);
        if (openSection != layout.section(block) || openFile != file || open == null) {
            close();
            open = image.open(file);
            openSection = layout.section(block);
            openFile = file;
        }
        int actual = blocks.read(open, image.fileBytes(file), layout.index(block));
        if (actual != layout.checksum(block)) {
            throw CheckpointManifest.damaged(
                    image.directory().resolve(image.fileName(file)),
                    (long) layout.index(block) * StoreSection.BLOCK_BYTES,
                    "CRC32C 0x" + Integer.toHexString(layout.checksum(block)) + " of the block",
                    "0x" + Integer.toHexString(actual));
        }
        blocks.bytes().clear();
        loaded = block;
    }

    @Override
    public void close() {
        if (open != null) {
            open.close();
            open = null;
        }
        loaded = NONE;
    }
}
