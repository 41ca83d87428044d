package io.grape.vectors.graph;

import io.grape.vectors.model.Reason;
import io.grape.vectors.model.VectorsException;
import io.grape.vectors.segment.DurableFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32C;

/**
 * What a checkpoint holds of a graph: how far it goes, and what every code and search depends on.
 *
 * <pre>
 * Graph manifest v1, little-endian; D dimension, E entries
 * offset  size  field          meaning
 *      0     8  magic          "GRAPEGRA"
 *      8     4  formatVersion  1
 *     12     4  dimension      D
 *     16     4  nodesPerFile   nodes a file holds
 *     20     4  indexed        rows below it are linked or were dead
 *     24     4  entries        E
 *     28     4  firstRows      rows whose mean is the centre
 *     32     8  seed           of the rotation
 *     40     8  offered        nodes that were offered as entries
 *     48     8  first          fingerprint of row 0: the graph belongs to these rows
 *     56     8  last           fingerprint of row indexed - 1
 *     64   4 D  centre         mean of the first rows, float32
 *      +   4 E  entry          nodes where searches start
 *      +     4  crc            CRC32C of all before
 * </pre>
 *
 * <p>Replaced as a whole, by a rename. The store may be opened at an earlier state than the graph's: then rows from the
 * store's end on are linked again when they come again, which replaying the log does in the same order.
 */
@SuppressWarnings("ArrayRecordComponent") // read once, never shared
record GraphManifest(
        GraphConfig config, int indexed, long offered, Fingerprints fingerprints, float[] centre, int[] entries) {
    /**
     * Of rows, to tell whether the graph is theirs.
     *
     * @param first of row 0
     * @param last of the last row that is covered
     */
    record Fingerprints(long first, long last) {}

    static final String NAME = "graph.manifest";

    private static final int FORMAT_VERSION = 1;
    private static final int FIXED_BYTES = 64;
    private static final long MAGIC = 0x4152474550415247L; // "GRAPEGRA"

    static boolean exists(Path directory) {
        return Files.exists(directory.resolve(NAME));
    }

    void write(Path directory) {
        int length = FIXED_BYTES + Float.BYTES * centre.length + Integer.BYTES * entries.length + Integer.BYTES;
        ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putLong(MAGIC).putInt(FORMAT_VERSION).putInt(config.dimension()).putInt(config.nodesPerFile());
        bytes.putInt(indexed).putInt(entries.length).putInt(config.firstRows()).putLong(config.seed());
        bytes.putLong(offered);
        bytes.putLong(fingerprints.first()).putLong(fingerprints.last());
        for (float component : centre) {
            bytes.putFloat(component);
        }
        for (int entry : entries) {
            bytes.putInt(entry);
        }
        bytes.putInt(crc(bytes.array(), bytes.position())).flip();
        try {
            DurableFile.replace(directory, NAME, bytes);
        } catch (IOException e) {
            throw new VectorsException(Reason.IO_FAILED, "cannot write " + directory.resolve(NAME), e);
        }
    }

    /**
     * Reads the manifest of a directory.
     *
     * @throws VectorsException CORRUPT_FILE, UNSUPPORTED_VERSION, IO_FAILED; SHAPE_MISMATCH if it was built otherwise
     */
    static GraphManifest read(Path directory, GraphConfig config) {
        Path path = directory.resolve(NAME);
        byte[] content;
        try {
            content = Files.readAllBytes(path);
        } catch (IOException e) {
            throw new VectorsException(Reason.IO_FAILED, "cannot read " + path, e);
        }
        ByteBuffer bytes = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
        if (content.length < FIXED_BYTES + Integer.BYTES || bytes.getLong(0) != MAGIC) {
            throw new VectorsException(Reason.CORRUPT_FILE, "file " + path + " is not a graph manifest, or truncated");
        }
        int crcOffset = content.length - Integer.BYTES;
        if (bytes.getInt(crcOffset) != crc(content, crcOffset)) {
            throw new VectorsException(Reason.CORRUPT_FILE, "file " + path + " fails its checksum");
        }
        if (bytes.getInt(8) != FORMAT_VERSION) {
            throw new VectorsException(
                    Reason.UNSUPPORTED_VERSION,
                    "file " + path + " has format version " + bytes.getInt(8) + ", expected " + FORMAT_VERSION);
        }
        if (bytes.getInt(12) != config.dimension()
                || bytes.getInt(16) != config.nodesPerFile()
                || bytes.getInt(28) != config.firstRows()
                || bytes.getLong(32) != config.seed()) {
            throw new VectorsException(Reason.SHAPE_MISMATCH, "file " + path + " is of a graph built otherwise");
        }
        float[] centre = new float[bytes.getInt(12)];
        int[] entries = new int[bytes.getInt(24)];
        if (entries.length > EntryPoints.CAPACITY
                || FIXED_BYTES + (long) Float.BYTES * centre.length + (long) Integer.BYTES * entries.length
                        != crcOffset) {
            throw new VectorsException(Reason.CORRUPT_FILE, "file " + path + " has a wrong length");
        }
        bytes.position(FIXED_BYTES);
        for (int i = 0; i < centre.length; i++) {
            centre[i] = bytes.getFloat();
        }
        for (int i = 0; i < entries.length; i++) {
            entries[i] = bytes.getInt();
        }
        Fingerprints fingerprints = new Fingerprints(bytes.getLong(48), bytes.getLong(56));
        return new GraphManifest(config, bytes.getInt(20), bytes.getLong(40), fingerprints, centre, entries);
    }

    private static int crc(byte[] bytes, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, length);
        return (int) crc.getValue();
    }
}
