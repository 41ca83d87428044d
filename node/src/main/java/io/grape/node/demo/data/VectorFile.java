package io.grape.node.demo.data;

import io.grape.codecs.GrapeException;
import io.grape.codecs.sbe.ErrorCode;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;

/**
 * Reads a file of labelled vectors through a mapping.
 *
 * <pre>
 * VectorFile v1, little-endian
 * offset             size  field          meaning
 *      0                8  magic          ASCII GRAPEVEC
 *      8                4  formatVersion  1
 *     12                4  encoding       code of VectorEncoding
 *     16                4  count          rows, at least 1
 *     20                4  dimension      components of each row, 1 to 4096
 *     24                8  labelsOffset   64 + count * row length, cross-checked
 *     32                8  fileLength     bytes of the whole file, cross-checked
 *     40               24  reserved       zero
 *     64   count * length  rows           as the encoding says, in the order of the labels
 * labelsOffset      varies labels         for each row: one length byte (0 to 255), then that many bytes of UTF-8
 * fileLength - 4        4  crc            CRC32C of every byte before it
 * </pre>
 *
 * <p>Rows begin at 64 so that a float32 row of a multiple of 16 components is aligned to a cache line. The whole file
 * is checked when it is opened; a damaged one is refused with DATA_CORRUPT, a newer one with DATA_FORMAT_UNSUPPORTED.
 * Any number of threads may read; nobody may read after {@link #close}.
 */
public final class VectorFile implements AutoCloseable {
    /** ASCII GRAPEVEC, read as a little-endian long. */
    static final long MAGIC = 0x4345_5645_5041_5247L;

    static final int FORMAT_VERSION = 1;
    static final int HEADER_LENGTH = 64;
    static final int CRC_LENGTH = 4;
    static final int MAX_DIMENSION = 4096;
    static final int MAX_LABEL_LENGTH = 255;

    static final int FORMAT_VERSION_OFFSET = 8;
    static final int ENCODING_OFFSET = 12;
    static final int COUNT_OFFSET = 16;
    static final int DIMENSION_OFFSET = 20;
    static final int LABELS_OFFSET_OFFSET = 24;
    static final int FILE_LENGTH_OFFSET = 32;

    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final Arena arena;
    private final MemorySegment file;
    private final VectorEncoding encoding;
    private final int dimension;
    private final String[] labels;

    private VectorFile(Arena arena, MemorySegment file, VectorEncoding encoding, int dimension, String[] labels) {
        this.arena = arena;
        this.file = file;
        this.encoding = encoding;
        this.dimension = dimension;
        this.labels = labels;
    }

    /**
     * Maps the file and checks all of it.
     *
     * @throws IOException    if it cannot be read
     * @throws GrapeException DATA_CORRUPT or DATA_FORMAT_UNSUPPORTED, naming file, field, expected and found
     */
    @SuppressWarnings("MustBeClosedChecker") // the file closes the arena, or a failure does
    public static VectorFile open(Path path) throws IOException {
        Arena arena = Arena.ofShared();
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            long length = channel.size();
            if (length < HEADER_LENGTH + CRC_LENGTH || length > Integer.MAX_VALUE) {
                throw corrupt(path, "length", HEADER_LENGTH + CRC_LENGTH + " bytes to 2 GiB", length);
            }
            MemorySegment file = channel.map(FileChannel.MapMode.READ_ONLY, 0, length, arena);
            return new Checker(path, file).open(arena);
        } catch (IOException | RuntimeException failure) {
            arena.close();
            throw failure;
        }
    }

    /** Returns the number of rows. */
    public int count() {
        return labels.length;
    }

    /** Returns the components of each row. */
    public int dimension() {
        return dimension;
    }

    /** Returns how rows are stored. */
    public VectorEncoding encoding() {
        return encoding;
    }

    /** Returns the label of a row, 0 to {@link #count()} - 1. */
    public String label(int row) {
        return labels[row];
    }

    /** Reads a row, 0 to {@link #count()} - 1, into {@code target}, whose length must be the dimension. */
    public void vector(int row, float[] target) {
        if (target.length != dimension) {
            throw new IllegalArgumentException("target holds " + target.length + " components, not " + dimension);
        }
        if (row < 0 || row >= labels.length) {
            throw new IndexOutOfBoundsException("row " + row + " of " + labels.length);
        }
        encoding.decode(file, HEADER_LENGTH + (long) row * encoding.rowLengthBytes(dimension), target);
    }

    /** Unmaps the file. */
    @Override
    public void close() {
        arena.close();
    }

    private static GrapeException corrupt(Path path, String field, Object expected, Object found) {
        return new GrapeException(
                ErrorCode.DATA_CORRUPT,
                path + ": damaged vector file: " + field + " should be " + expected + " but is " + found);
    }

    /** The checks of one opening, in the order in which a field may be trusted. */
    private record Checker(Path path, MemorySegment file) {
        VectorFile open(Arena arena) {
            require("magic", MAGIC, file.get(LONG, 0));
            int version = file.get(INT, FORMAT_VERSION_OFFSET);
            if (version > FORMAT_VERSION) {
                throw new GrapeException(
                        ErrorCode.DATA_FORMAT_UNSUPPORTED,
                        path + ": format version " + version + "; this program reads up to " + FORMAT_VERSION);
            }
            require("formatVersion", FORMAT_VERSION, version);
            long crcOffset = file.byteSize() - CRC_LENGTH;
            require("fileLength", file.byteSize(), file.get(LONG, FILE_LENGTH_OFFSET));
            require("crc", crc(crcOffset), file.get(INT, crcOffset));

            VectorEncoding encoding = VectorEncoding.ofCode(file.get(INT, ENCODING_OFFSET));
            if (encoding == null) {
                throw corrupt(path, "encoding", "0 to 2", file.get(INT, ENCODING_OFFSET));
            }
            int count = inRange("count", COUNT_OFFSET, Integer.MAX_VALUE);
            int dimension = inRange("dimension", DIMENSION_OFFSET, MAX_DIMENSION);
            long labelsOffset = HEADER_LENGTH + (long) count * encoding.rowLengthBytes(dimension);
            require("labelsOffset", labelsOffset, file.get(LONG, LABELS_OFFSET_OFFSET));
            if (labelsOffset + count > crcOffset) {
                throw corrupt(path, "count", "at most what the file holds", count);
            }
            return new VectorFile(arena, file, encoding, dimension, labels(labelsOffset, crcOffset, count));
        }

        private void require(String field, long expected, long found) {
            if (expected != found) {
                throw corrupt(path, field, expected, found);
            }
        }

        private int inRange(String field, int offset, int most) {
            int value = file.get(INT, offset);
            if (value < 1 || value > most) {
                throw corrupt(path, field, "1 to " + most, value);
            }
            return value;
        }

        private int crc(long length) {
            CRC32C crc = new CRC32C();
            crc.update(file.asSlice(0, length).asByteBuffer());
            return (int) crc.getValue();
        }

        private String[] labels(long start, long end, int count) {
            String[] labels = new String[count];
            long offset = start;
            for (int i = 0; i < count; i++) {
                int length = offset < end ? file.get(ValueLayout.JAVA_BYTE, offset) & 0xFF : 0;
                if (offset + 1 + length > end) {
                    throw corrupt(path, "label " + i, "before offset " + end, offset + 1 + length);
                }
                labels[i] = text(file.asSlice(offset + 1, length).asByteBuffer(), i);
                offset += 1 + length;
            }
            require("end of the labels", end, offset);
            return labels;
        }

        private String text(ByteBuffer bytes, int row) {
            try {
                return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
            } catch (CharacterCodingException malformed) {
                throw new GrapeException(ErrorCode.DATA_CORRUPT, path + ": label " + row + " is not UTF-8", malformed);
            }
        }
    }
}
