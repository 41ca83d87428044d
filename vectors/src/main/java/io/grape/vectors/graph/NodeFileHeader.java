package io.grape.vectors.graph;

import io.grape.vectors.model.Reason;
import io.grape.vectors.model.VectorsException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.zip.CRC32C;

/**
 * The first 64 bytes of a file of nodes.
 *
 * <pre>
 * NodeFileHeader v2, little-endian
 * offset  size  field          meaning
 *      0     8  magic          "GRAPENOD", as bytes in this order
 *      8     4  formatVersion  2
 *     12     4  dimension      components of a vector
 *     16     4  codeStride     bytes from one code to the next
 *     20     4  degree         32
 *     24     4  nodesPerFile   nodes the file holds
 *     28     4  fileIndex      0, 1, 2... within the graph
 *     32     8  fileBytes      length of the file
 *     40     8  seed           of the rotation
 *     48    12  reserved       zero
 *     60     4  crc            CRC32C of bytes 0..59
 * </pre>
 */
final class NodeFileHeader {
    static final int FORMAT_VERSION = 2;

    private static final long MAGIC = 0x444F4E4550415247L; // "GRAPENOD"
    private static final int CRC_OFFSET = 60;
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG.withOrder(ByteOrder.LITTLE_ENDIAN);

    private NodeFileHeader() {}

    static void write(MemorySegment file, NodeLayout layout, long seed, int fileIndex) {
        file.set(LONG, 0, MAGIC);
        file.set(INT, 8, FORMAT_VERSION);
        file.set(INT, 12, layout.dimension());
        file.set(INT, 16, layout.codeStride());
        file.set(INT, 20, NodeLayout.DEGREE);
        file.set(INT, 24, layout.nodesPerFile());
        file.set(INT, 28, fileIndex);
        file.set(LONG, 32, file.byteSize());
        file.set(LONG, 40, seed);
        file.asSlice(48, CRC_OFFSET - 48).fill((byte) 0);
        file.set(INT, CRC_OFFSET, crc(file));
    }

    /** Throws CORRUPT_FILE, UNSUPPORTED_VERSION or SHAPE_MISMATCH where the header is not the one expected. */
    static void check(Path path, MemorySegment file, NodeLayout layout, long seed, int fileIndex) {
        expect(path, "magic", MAGIC, file.get(LONG, 0), Reason.CORRUPT_FILE);
        expect(path, "header CRC", crc(file), file.get(INT, CRC_OFFSET), Reason.CORRUPT_FILE);
        expect(path, "format version", FORMAT_VERSION, file.get(INT, 8), Reason.UNSUPPORTED_VERSION);
        expect(path, "dimension", layout.dimension(), file.get(INT, 12), Reason.SHAPE_MISMATCH);
        expect(path, "code stride", layout.codeStride(), file.get(INT, 16), Reason.SHAPE_MISMATCH);
        expect(path, "degree", NodeLayout.DEGREE, file.get(INT, 20), Reason.SHAPE_MISMATCH);
        expect(path, "nodes a file", layout.nodesPerFile(), file.get(INT, 24), Reason.SHAPE_MISMATCH);
        expect(path, "file index", fileIndex, file.get(INT, 28), Reason.CORRUPT_FILE);
        expect(path, "file length", file.byteSize(), file.get(LONG, 32), Reason.CORRUPT_FILE);
        expect(path, "seed", seed, file.get(LONG, 40), Reason.SHAPE_MISMATCH);
    }

    private static int crc(MemorySegment file) {
        CRC32C crc = new CRC32C();
        crc.update(file.asSlice(0, CRC_OFFSET).toArray(ValueLayout.JAVA_BYTE));
        return (int) crc.getValue();
    }

    private static void expect(Path path, String field, long expected, long actual, Reason reason) {
        if (expected != actual) {
            throw new VectorsException(
                    reason, "file " + path + " has " + field + " " + actual + ", expected " + expected);
        }
    }
}
