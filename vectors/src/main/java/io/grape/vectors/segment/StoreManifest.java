package io.grape.vectors.segment;

import io.grape.vectors.model.Reason;
import io.grape.vectors.model.VectorsException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32C;

/**
 * What a checkpoint holds: enough to bring every file back to that moment.
 *
 * <pre>
 * Manifest v1, little-endian
 * offset  size  field          meaning
 *      0     8  magic          "GRAPEMAN"
 *      8     4  formatVersion  1
 *     12     4  segments       number of segment files
 *     16     4  extents        number of payload files
 *     20     4  segmentRows    row capacity of a segment
 *     24     8  position       the caller's log position
 *     32     8  sequence       last operation applied
 *     40     8  live           points that are not deleted
 *     48     8  stateHash      order-free hash of the live points
 *     56     8  rows           rows of all segments; all but the last are full
 *     64     8  extentBytes    length of a payload file
 *     72   8 e  extentUsed     bytes in use, one for each payload file
 *      +     4  crc            CRC32C of all before
 * </pre>
 *
 * <p>Written to a temporary file, forced, renamed over the old one, and the directory forced: there is always exactly
 * one whole manifest.
 *
 * @param position the caller's log position
 * @param sequence last operation applied
 * @param live points that are not deleted
 * @param stateHash order-free hash of the live points
 * @param rows rows in all segments
 * @param sizes number of segments and lengths fixed by the configuration
 * @param extentUsed bytes in use in each payload file
 */
@SuppressWarnings("ArrayRecordComponent") // read once, never shared
public record StoreManifest(
        long position, long sequence, long live, long stateHash, long rows, Sizes sizes, long[] extentUsed) {
    /**
     * What the files were made with.
     *
     * @param segments number of segment files
     * @param segmentRows row capacity of a segment
     * @param extentBytes length of a payload file
     */
    public record Sizes(int segments, int segmentRows, long extentBytes) {}

    static final int FORMAT_VERSION = 1;
    static final int FIXED_BYTES = 72;
    private static final long MAGIC = 0x4E414D4550415247L; // "GRAPEMAN"
    private static final String NAME = "manifest";

    /** Whether the directory holds a manifest. */
    public static boolean exists(Path directory) {
        return Files.exists(directory.resolve(NAME));
    }

    /**
     * Returns the manifest of a directory, or makes that of an empty store.
     *
     * @param sizes of a store that is made
     * @throws VectorsException CORRUPT_FILE also when there are segments and no manifest, UNSUPPORTED_VERSION, IO_FAILED
     */
    public static StoreManifest readOrCreate(Path directory, Sizes sizes) {
        if (exists(directory)) {
            return read(directory);
        }
        if (Files.exists(directory.resolve("segment-0"))) {
            throw new VectorsException(Reason.CORRUPT_FILE, "directory " + directory + " has segments but no manifest");
        }
        StoreManifest empty = new StoreManifest(0, 0, 0, 0, 0, sizes, new long[0]);
        empty.write(directory);
        return empty;
    }

    /** Returns the manifest's bytes, checksum included. */
    public byte[] encode() {
        ByteBuffer bytes = ByteBuffer.allocate(FIXED_BYTES + Long.BYTES * extentUsed.length + Integer.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN);
        bytes.putLong(MAGIC).putInt(FORMAT_VERSION).putInt(sizes.segments()).putInt(extentUsed.length);
        bytes.putInt(sizes.segmentRows())
                .putLong(position)
                .putLong(sequence)
                .putLong(live)
                .putLong(stateHash);
        bytes.putLong(rows).putLong(sizes.extentBytes());
        for (long used : extentUsed) {
            bytes.putLong(used);
        }
        bytes.putInt(crc(bytes.array(), bytes.position()));
        return bytes.array();
    }

    /** Writes this manifest so that it survives, or throws IO_FAILED and leaves the old one. */
    public void write(Path directory) {
        ByteBuffer bytes = ByteBuffer.wrap(encode());
        try {
            DurableFile.replace(directory, NAME, bytes);
        } catch (IOException e) {
            throw new VectorsException(Reason.IO_FAILED, "cannot write " + directory.resolve(NAME), e);
        }
    }

    /**
     * Reads the manifest of a directory.
     *
     * @throws VectorsException CORRUPT_FILE or UNSUPPORTED_VERSION
     */
    public static StoreManifest read(Path directory) {
        Path path = directory.resolve(NAME);
        byte[] content;
        try {
            content = Files.readAllBytes(path);
        } catch (IOException e) {
            throw new VectorsException(Reason.IO_FAILED, "cannot read " + path, e);
        }
        return decode(content, path);
    }

    /**
     * Reads a manifest from its bytes.
     *
     * @param path names where they came from, for the message
     * @throws VectorsException CORRUPT_FILE or UNSUPPORTED_VERSION
     */
    public static StoreManifest decode(byte[] content, Path path) {
        ByteBuffer bytes = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
        if (content.length < FIXED_BYTES + Integer.BYTES || bytes.getLong(0) != MAGIC) {
            throw new VectorsException(Reason.CORRUPT_FILE, "file " + path + " is not a manifest, or truncated");
        }
        int crcOffset = content.length - Integer.BYTES;
        if (bytes.getInt(crcOffset) != crc(content, crcOffset)) {
            throw new VectorsException(Reason.CORRUPT_FILE, "file " + path + " fails its checksum");
        }
        int version = bytes.getInt(8);
        if (version != FORMAT_VERSION) {
            throw new VectorsException(
                    Reason.UNSUPPORTED_VERSION,
                    "file " + path + " has format version " + version + ", expected " + FORMAT_VERSION);
        }
        int extents = bytes.getInt(16);
        if (extents < 0 || FIXED_BYTES + (long) Long.BYTES * extents != crcOffset) {
            throw new VectorsException(Reason.CORRUPT_FILE, "file " + path + " names " + extents + " payload files");
        }
        long[] used = new long[extents];
        for (int i = 0; i < extents; i++) {
            used[i] = bytes.getLong(FIXED_BYTES + Long.BYTES * i);
        }
        return new StoreManifest(
                bytes.getLong(24),
                bytes.getLong(32),
                bytes.getLong(40),
                bytes.getLong(48),
                bytes.getLong(56),
                new Sizes(bytes.getInt(12), bytes.getInt(20), bytes.getLong(64)),
                used);
    }

    private static int crc(byte[] bytes, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, length);
        return (int) crc.getValue();
    }
}
