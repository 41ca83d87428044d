package io.grape.node.checkpoint;

import io.grape.vectors.segment.StoreImage;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * A checkpoint as one run of bytes, the way it is streamed.
 *
 * <pre>
 * Snapshot stream v1
 * offset  size        field     meaning
 *      0     l        manifest  CheckpointManifest, padded with zeros to a multiple of 8
 *      +   &lt;= 1 MiB   block     each block of each file of each store, in the manifest's order
 *      +    16        seal      8 bytes magic "GRAPEEND", then the snapshot's index
 * </pre>
 *
 * <p>A chunk never crosses the end of the manifest, of a block or the seal. The seal is asked for last: it says that the
 * receiver has everything, durably, and is ready to be swapped. Immutable.
 */
final class SnapshotLayout {
    static final int SEAL_BYTES = 16;
    static final long SEAL_MAGIC = 0x444E454550415247L; // "GRAPEEND"

    private final int manifestBytes;
    private final long[] starts;
    private final int[] sections;
    private final int[] files;
    private final int[] indexes;
    private final int[] checksums;

    SnapshotLayout(CheckpointManifest manifest, int encodedBytes) {
        manifestBytes = padded(encodedBytes);
        int count = 0;
        for (StoreSection section : manifest.stores()) {
            count += Arrays.stream(section.checksums())
                    .mapToInt(file -> file.length)
                    .sum();
        }
        starts = new long[count + 1];
        sections = new int[count];
        files = new int[count];
        indexes = new int[count];
        checksums = new int[count];
        long at = manifestBytes;
        int block = 0;
        for (int s = 0; s < manifest.stores().size(); s++) {
            StoreSection section = manifest.stores().get(s);
            StoreImage image = section.image(Path.of(""));
            for (int f = 0; f < section.checksums().length; f++) {
                for (int i = 0; i < section.checksums()[f].length; i++) {
                    starts[block] = at;
                    sections[block] = s;
                    files[block] = f;
                    indexes[block] = i;
                    checksums[block] = section.checksums()[f][i];
                    block++;
                    at += Math.min(StoreSection.BLOCK_BYTES, image.fileBytes(f) - (long) i * StoreSection.BLOCK_BYTES);
                }
            }
        }
        starts[count] = at;
    }

    static int padded(int bytes) {
        return (bytes + Long.BYTES - 1) & -Long.BYTES;
    }

    /** Bytes of the manifest, padding included. */
    int manifestBytes() {
        return manifestBytes;
    }

    int blocks() {
        return sections.length;
    }

    /** Bytes of the whole stream. */
    long totalBytes() {
        return sealStart() + SEAL_BYTES;
    }

    long sealStart() {
        return starts[sections.length];
    }

    /** The block that holds an offset, which lies between manifest and seal. */
    int blockAt(long offset) {
        int found = Arrays.binarySearch(starts, offset);
        return found >= 0 ? found : -found - 2;
    }

    long start(int block) {
        return starts[block];
    }

    int length(int block) {
        return (int) (starts[block + 1] - starts[block]);
    }

    int section(int block) {
        return sections[block];
    }

    int file(int block) {
        return files[block];
    }

    int index(int block) {
        return indexes[block];
    }

    int checksum(int block) {
        return checksums[block];
    }
}
