package io.grape.vectors.segment;

import io.grape.vectors.model.Reason;
import io.grape.vectors.model.VectorsException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.zip.CRC32C;

/**
 * The first 64 bytes of every file of a store.
 *
 * <pre>
 * FileHeader v1, little-endian
 * offset  size  field          meaning
 *      0     8  magic          "GRAPESEG" or "GRAPEPAY", as bytes in this order
 *      8     4  formatVersion  1
 *     12     4  metric         code of the metric; 0 in a payload file
 *     16     4  dimension      components a vector; 0 in a payload file
 *     20     4  strideBytes    from one vector to the next; 0 in a payload file
 *     24     4  rowCapacity    rows the file can hold; 0 in a payload file
 *     28     4  fileIndex      0, 1, 2... within the store
 *     32     8  fileBytes      length of the file
 *     40    20  reserved       zero
 *     60     4  crc            CRC32C of bytes 0..59
 * </pre>
 *
 * <p>64 bytes, so that the columns behind it start on a cache line. Written once, before any row; never changed.
 */
public final class FileHeader {
    /** Length of the header. */
    public static final int BYTES = 64;

    static final int FORMAT_VERSION = 1;
    static final long SEGMENT_MAGIC = magic("GRAPESEG");
    static final long PAYLOAD_MAGIC = magic("GRAPEPAY");
    static final int MAGIC_OFFSET = 0;
    static final int VERSION_OFFSET = MAGIC_OFFSET + Long.BYTES;
    static final int METRIC_OFFSET = VERSION_OFFSET + Integer.BYTES;
    static final int DIMENSION_OFFSET = METRIC_OFFSET + Integer.BYTES;
    static final int STRIDE_OFFSET = DIMENSION_OFFSET + Integer.BYTES;
    static final int ROW_CAPACITY_OFFSET = STRIDE_OFFSET + Integer.BYTES;
    static final int FILE_INDEX_OFFSET = ROW_CAPACITY_OFFSET + Integer.BYTES;
    static final int FILE_BYTES_OFFSET = FILE_INDEX_OFFSET + Integer.BYTES;
    static final int RESERVED_OFFSET = FILE_BYTES_OFFSET + Long.BYTES;
    static final int CRC_OFFSET = BYTES - Integer.BYTES;

    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG.withOrder(ByteOrder.LITTLE_ENDIAN);

    private FileHeader() {}

    static void write(MemorySegment file, long magic, SegmentLayout layout, int fileIndex) {
        file.set(LONG, MAGIC_OFFSET, magic);
        file.set(INT, VERSION_OFFSET, FORMAT_VERSION);
        file.set(INT, METRIC_OFFSET, layout.metricCode());
        file.set(INT, DIMENSION_OFFSET, layout.dimension());
        file.set(INT, STRIDE_OFFSET, layout.strideBytes());
        file.set(INT, ROW_CAPACITY_OFFSET, layout.rowCapacity());
        file.set(INT, FILE_INDEX_OFFSET, fileIndex);
        file.set(LONG, FILE_BYTES_OFFSET, file.byteSize());
        file.asSlice(RESERVED_OFFSET, CRC_OFFSET - RESERVED_OFFSET).fill((byte) 0);
        file.set(INT, CRC_OFFSET, crc(file, CRC_OFFSET));
    }

    static void check(Path path, MemorySegment file, long magic, SegmentLayout layout, int fileIndex) {
        expect(path, "magic", magic, file.get(LONG, MAGIC_OFFSET), Reason.CORRUPT_FILE);
        expect(path, "header CRC", crc(file, CRC_OFFSET), file.get(INT, CRC_OFFSET), Reason.CORRUPT_FILE);
        expect(path, "format version", FORMAT_VERSION, file.get(INT, VERSION_OFFSET), Reason.UNSUPPORTED_VERSION);
        expect(path, "metric", layout.metricCode(), file.get(INT, METRIC_OFFSET), Reason.SHAPE_MISMATCH);
        expect(path, "dimension", layout.dimension(), file.get(INT, DIMENSION_OFFSET), Reason.SHAPE_MISMATCH);
        expect(path, "stride", layout.strideBytes(), file.get(INT, STRIDE_OFFSET), Reason.SHAPE_MISMATCH);
        expect(path, "row capacity", layout.rowCapacity(), file.get(INT, ROW_CAPACITY_OFFSET), Reason.SHAPE_MISMATCH);
        expect(path, "file index", fileIndex, file.get(INT, FILE_INDEX_OFFSET), Reason.CORRUPT_FILE);
        expect(path, "file length", file.byteSize(), file.get(LONG, FILE_BYTES_OFFSET), Reason.CORRUPT_FILE);
    }

    static int crc(MemorySegment file, int bytes) {
        CRC32C crc = new CRC32C();
        crc.update(file.asSlice(0, bytes).toArray(ValueLayout.JAVA_BYTE));
        return (int) crc.getValue();
    }

    private static void expect(Path path, String field, long expected, long actual, Reason reason) {
        if (expected != actual) {
            throw new VectorsException(
                    reason, "file " + path + " has " + field + " " + actual + ", expected " + expected);
        }
    }

    private static long magic(String text) {
        long magic = 0;
        for (int i = text.length() - 1; i >= 0; i--) {
            magic = magic << Byte.SIZE | text.charAt(i);
        }
        return magic;
    }
}
