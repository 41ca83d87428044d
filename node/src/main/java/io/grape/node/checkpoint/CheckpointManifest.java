package io.grape.node.checkpoint;

import io.grape.codecs.FaultException;
import io.grape.codecs.sbe.ErrorCode;
import io.grape.vectors.model.Metric;
import io.grape.vectors.model.VectorShape;
import io.grape.vectors.model.VectorsException;
import io.grape.vectors.segment.StoreImage;
import io.grape.vectors.segment.StoreManifest;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * All that a checkpoint holds beside the stores' files: enough to bring a group back to that index.
 *
 * <pre>
 * Checkpoint v1, little-endian
 * offset  size  field            meaning
 *      0     8  magic            "GRAPECPT"
 *      8     4  formatVersion    1
 *     12     4  groupId          the group
 *     16     8  index            last entry that is part of the state
 *     24     8  term             of that entry
 *     32     4  length           bytes of the whole, trailer included
 *     36     4  membershipBytes  m
 *     40     4  stateBytes       s
 *     44     4  stores           number of store sections
 *     48     m  membership       GroupConfiguration message: the members as of index
 *      +     s  state            catalog and clients; see StateCodec
 *      +     *  stores           a section each, by ascending collection id
 *      +     4  crc              CRC32C of all before
 *
 * Store section
 *      0     4  collectionId     of the catalog
 *      4     4  dimension        components of a vector
 *      8     4  metric           the vector module's code
 *     12     4  manifestBytes    t
 *     16     8  installedAt      0, or the index of the snapshot that the directory came with
 *     24     t  manifest         StoreManifest, with a checksum of its own
 *      +   4 b  crc              for each file, segments first: CRC32C of each MiB, the last one shorter
 * </pre>
 *
 * @param groupId    the group
 * @param index      last entry that is part of the state
 * @param term       of that entry
 * @param membership members as of the index, as a GroupConfiguration message
 * @param state      catalog and clients
 * @param stores     one for each collection
 */
@SuppressWarnings("ArrayRecordComponent") // never changed
public record CheckpointManifest(
        int groupId, long index, long term, byte[] membership, byte[] state, List<StoreSection> stores) {
    /** Format that this version writes and reads. */
    public static final int FORMAT_VERSION = 1;

    static final int HEADER_BYTES = 48;
    static final int SECTION_BYTES = 24;
    static final int LENGTH_OFFSET = 32;
    static final long MAGIC = 0x5450434550415247L; // "GRAPECPT"
    private static final int MAX_BYTES = 1 << 30;

    /** Returns the bytes. */
    public byte[] encode() {
        int length = HEADER_BYTES + membership.length + state.length + Integer.BYTES;
        List<byte[]> manifests = new ArrayList<>();
        for (StoreSection store : stores) {
            byte[] manifest = store.manifest().encode();
            manifests.add(manifest);
            length += SECTION_BYTES + manifest.length;
            for (int[] file : store.checksums()) {
                length += Integer.BYTES * file.length;
            }
        }
        ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putLong(MAGIC)
                .putInt(FORMAT_VERSION)
                .putInt(groupId)
                .putLong(index)
                .putLong(term);
        bytes.putInt(length).putInt(membership.length).putInt(state.length).putInt(stores.size());
        bytes.put(membership).put(state);
        for (int i = 0; i < stores.size(); i++) {
            StoreSection store = stores.get(i);
            byte[] manifest = manifests.get(i);
            bytes.putInt(store.collectionId()).putInt(store.shape().dimension());
            bytes.putInt(store.shape().metric().code()).putInt(manifest.length).putLong(store.installedAt());
            bytes.put(manifest);
            for (int[] file : store.checksums()) {
                for (int crc : file) {
                    bytes.putInt(crc);
                }
            }
        }
        bytes.putInt(crc(bytes.array(), bytes.position()));
        return bytes.array();
    }

    /**
     * Reads a manifest.
     *
     * @param path names where the bytes came from, for the message
     * @throws FaultException DATA_CORRUPT or DATA_FORMAT_UNSUPPORTED, naming offset, expected and actual
     */
    public static CheckpointManifest decode(byte[] content, Path path) {
        ByteBuffer bytes = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
        if (content.length < HEADER_BYTES + Integer.BYTES) {
            throw damaged(path, 0, "at least " + (HEADER_BYTES + Integer.BYTES) + " bytes", content.length + " bytes");
        }
        expect(path, 0, MAGIC, bytes.getLong(0));
        int version = bytes.getInt(8);
        if (version != FORMAT_VERSION) {
            throw new FaultException(
                    FaultException.Severity.FAIL_NODE,
                    ErrorCode.DATA_FORMAT_UNSUPPORTED,
                    path + " has format " + version + ", this version reads " + FORMAT_VERSION
                            + ": run the version that wrote it",
                    null);
        }
        expect(path, LENGTH_OFFSET, content.length, bytes.getInt(LENGTH_OFFSET));
        int crcAt = content.length - Integer.BYTES;
        expect(path, crcAt, crc(content, crcAt), bytes.getInt(crcAt));
        try {
            return read(bytes, path);
        } catch (BufferUnderflowException | IllegalArgumentException | VectorsException ex) {
            throw new FaultException(
                    FaultException.Severity.FAIL_NODE,
                    ErrorCode.DATA_CORRUPT,
                    path + " passes its checksum but contradicts itself near offset " + bytes.position() + ": " + ex,
                    ex);
        }
    }

    private static CheckpointManifest read(ByteBuffer bytes, Path path) {
        bytes.position(12);
        int groupId = bytes.getInt();
        long index = bytes.getLong();
        long term = bytes.getLong();
        bytes.getInt();
        int membershipBytes = bytes.getInt();
        int stateBytes = bytes.getInt();
        int stores = bytes.getInt();
        byte[] membership = take(bytes, membershipBytes);
        byte[] state = take(bytes, stateBytes);
        List<StoreSection> sections = new ArrayList<>();
        for (int i = 0; i < stores; i++) {
            sections.add(readSection(bytes, path));
        }
        if (bytes.remaining() != Integer.BYTES) {
            throw new IllegalArgumentException(bytes.remaining() + " bytes are left");
        }
        return new CheckpointManifest(groupId, index, term, membership, state, List.copyOf(sections));
    }

    private static StoreSection readSection(ByteBuffer bytes, Path path) {
        int collectionId = bytes.getInt();
        int dimension = bytes.getInt();
        VectorShape shape = new VectorShape(dimension, metric(bytes.getInt()));
        int manifestBytes = bytes.getInt();
        long installedAt = bytes.getLong();
        StoreManifest manifest = StoreManifest.decode(take(bytes, manifestBytes), path);
        StoreImage image = StoreImage.of(path, shape, manifest);
        int[][] checksums = new int[image.fileCount()][];
        for (int file = 0; file < checksums.length; file++) {
            int blocks = StoreSection.blocks(image.fileBytes(file));
            if ((long) blocks * Integer.BYTES > bytes.remaining()) {
                throw new BufferUnderflowException();
            }
            checksums[file] = new int[blocks];
            for (int block = 0; block < blocks; block++) {
                checksums[file][block] = bytes.getInt();
            }
        }
        return new StoreSection(collectionId, installedAt, shape, manifest, checksums);
    }

    private static byte[] take(ByteBuffer bytes, int length) {
        if (length < 0 || length > bytes.remaining()) {
            throw new BufferUnderflowException();
        }
        byte[] taken = new byte[length];
        bytes.get(taken);
        return taken;
    }

    private static Metric metric(int code) {
        for (Metric metric : Metric.values()) {
            if (metric.code() == code) {
                return metric;
            }
        }
        throw new IllegalArgumentException("no metric has code " + code);
    }

    /** Returns the length that a manifest's first bytes claim; 0 if they do not begin one, or one that is too long. */
    static int claimedLength(ByteBuffer header) {
        int length = header.order(ByteOrder.LITTLE_ENDIAN).getInt(LENGTH_OFFSET);
        boolean plausible = header.getLong(0) == MAGIC && length > HEADER_BYTES && length <= MAX_BYTES;
        return plausible ? length : 0;
    }

    static int crc(byte[] bytes, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, length);
        return (int) crc.getValue();
    }

    private static void expect(Path path, long offset, long expected, long actual) {
        if (expected != actual) {
            throw damaged(path, offset, "0x" + Long.toHexString(expected), "0x" + Long.toHexString(actual));
        }
    }

    static FaultException damaged(Path path, long offset, String expected, String actual) {
        return new FaultException(
                FaultException.Severity.FAIL_NODE,
                ErrorCode.DATA_CORRUPT,
                path + " is damaged at offset " + offset + ": expected " + expected + ", found " + actual,
                null);
    }
}
