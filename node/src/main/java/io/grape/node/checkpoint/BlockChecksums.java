package io.grape.node.checkpoint;

import io.grape.codecs.FaultException;
import io.grape.vectors.segment.StoreImage;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.zip.CRC32C;

/** CRC32C of each MiB of a store's files, as of a checkpoint. Owned by one thread. */
final class BlockChecksums {
    private final ByteBuffer block = ByteBuffer.allocateDirect(StoreSection.BLOCK_BYTES);
    private final MemorySegment memory = MemorySegment.ofBuffer(block);
    private final CRC32C crc = new CRC32C();

    /** Returns the checksums of all files. */
    int[][] of(StoreImage image) {
        int[][] checksums = new int[image.fileCount()][];
        for (int file = 0; file < checksums.length; file++) {
            checksums[file] = new int[StoreSection.blocks(image.fileBytes(file))];
            try (StoreImage.OpenFile open = image.open(file)) {
                for (int i = 0; i < checksums[file].length; i++) {
                    checksums[file][i] = read(open, image.fileBytes(file), i);
                }
            }
        }
        return checksums;
    }

    /**
     * Reads all files and compares.
     *
     * @param pause called after each block, to leave the machine to others
     * @throws FaultException DATA_CORRUPT, naming file, offset, expected and actual
     */
    void verify(StoreSection section, Path collections, Runnable pause) {
        StoreImage image = section.image(collections);
        for (int file = 0; file < section.checksums().length; file++) {
            int[] expected = section.checksums()[file];
            try (StoreImage.OpenFile open = image.open(file)) {
                for (int i = 0; i < expected.length; i++) {
                    int actual = read(open, image.fileBytes(file), i);
                    if (actual != expected[i]) {
                        throw CheckpointManifest.damaged(
                                image.directory().resolve(image.fileName(file)),
                                (long) i * StoreSection.BLOCK_BYTES,
                                "CRC32C 0x" + Integer.toHexString(expected[i]) + " of the block",
                                "0x" + Integer.toHexString(actual));
                    }
                    pause.run();
                }
            }
        }
    }

    /** Reads a block and returns its checksum; {@link #bytes} then holds it. */
    int read(StoreImage.OpenFile open, long fileBytes, int index) {
        long offset = (long) index * StoreSection.BLOCK_BYTES;
        int length = (int) Math.min(StoreSection.BLOCK_BYTES, fileBytes - offset);
        open.read(offset, length, memory);
        crc.reset();
        crc.update(block.clear().limit(length));
        block.rewind();
        return (int) crc.getValue();
    }

    /** The block that was read last, from position to limit. */
    ByteBuffer bytes() {
        return block;
    }
}
