package io.grape.node.ingest.format;

import io.grape.codecs.GrapeException;
import io.grape.codecs.sbe.ErrorCode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What an .npy file says of itself: format versions 1 to 3 of NumPy Enhancement Proposal 1.
 *
 * <pre>
 * offset    size  field          meaning
 *      0       6  magic          0x93 NUMPY
 *      6       2  version        major, minor
 *      8  2 or 4  headerLength   uint16 in version 1, uint32 after it
 *             n   header         a Python dictionary: descr, fortran_order, shape
 * </pre>
 *
 * @param type       of one component
 * @param rows       of the array
 * @param dimension  components of each row, 1 to 4096
 * @param dataOffset first byte of the first row
 */
record NpyHeader(Type type, long rows, int dimension, long dataOffset) {
    /** Bytes of the magic and the version. */
    private static final int PREFIX = 8;

    private static final int MAX_HEADER = 64 * 1024;
    private static final Pattern DESCR = Pattern.compile("'descr'\\s*:\\s*'([^']{1,16})'");
    private static final Pattern ORDER = Pattern.compile("'fortran_order'\\s*:\\s*(True|False)");
    private static final Pattern SHAPE =
            Pattern.compile("'shape'\\s*:\\s*\\(\\s*(\\d{1,18})\\s*,\\s*(\\d{1,9})\\s*,?\\s*\\)");

    /** The types of components that are read. */
    enum Type {
        /** IEEE 754 binary16. */
        FLOAT16("<f2", 2),
        /** IEEE 754 binary32. */
        FLOAT32("<f4", 4),
        /** IEEE 754 binary64, rounded to a float32. */
        FLOAT64("<f8", 8),
        /** Signed bytes. */
        INT8("|i1", 1),
        /** Unsigned bytes. */
        UINT8("|u1", 1);

        private final String descr;
        private final int bytes;

        Type(String descr, int bytes) {
            this.descr = descr;
            this.bytes = bytes;
        }

        int bytes() {
            return bytes;
        }

        float read(ByteBuffer from) {
            return switch (this) {
                case FLOAT16 -> Float.float16ToFloat(from.getShort());
                case FLOAT32 -> from.getFloat();
                case FLOAT64 -> (float) from.getDouble();
                case INT8 -> from.get();
                case UINT8 -> from.get() & 0xFF;
            };
        }
    }

    static NpyHeader read(Path path, FileWindow file) throws IOException {
        if (file.fileLength() < PREFIX + Integer.BYTES) {
            throw corrupt(path, "is too short for its header");
        }
        ByteBuffer start = file.at(0, PREFIX + Integer.BYTES);
        byte[] magic = new byte[6];
        start.get(magic);
        if (magic[0] != (byte) 0x93 || !"NUMPY".equals(new String(magic, 1, 5, StandardCharsets.US_ASCII))) {
            throw corrupt(path, "does not begin with the magic of .npy");
        }
        int major = start.get();
        start.get();
        if (major < 1 || major > 3) {
            throw new GrapeException(
                    ErrorCode.DATA_FORMAT_UNSUPPORTED, path + ": .npy version " + major + "; 1 to 3 are read");
        }
        long headerLength = major == 1 ? start.getShort() & 0xFFFF : start.getInt() & 0xFFFF_FFFFL;
        int headerOffset = PREFIX + (major == 1 ? Short.BYTES : Integer.BYTES);
        if (headerLength > MAX_HEADER || headerOffset + headerLength > file.fileLength()) {
            throw corrupt(path, "has a header of " + headerLength + " bytes, beyond its end or beyond " + MAX_HEADER);
        }
        byte[] header = new byte[(int) headerLength];
        file.at(headerOffset, header.length).get(header);
        return parse(path, new String(header, StandardCharsets.UTF_8), headerOffset + headerLength, file.fileLength());
    }

    private static NpyHeader parse(Path path, String header, long dataOffset, long fileLength) {
        String descr = find(path, DESCR, "descr", header).group(1);
        Type type = null;
        for (Type each : Type.values()) {
            if (each.descr.equals(descr)) {
                type = each;
            }
        }
        if (type == null) {
            throw new GrapeException(
                    ErrorCode.DATA_FORMAT_UNSUPPORTED,
                    path + ": components of type '" + descr + "'; <f2, <f4, <f8, |i1 and |u1 are read");
        }
        if (find(path, ORDER, "fortran_order", header).group(1).equals("True")) {
            throw new GrapeException(
                    ErrorCode.DATA_FORMAT_UNSUPPORTED,
                    path + ": is in Fortran order; save it with numpy.ascontiguousarray");
        }
        Matcher shape = find(path, SHAPE, "shape of two numbers", header);
        long rows = Long.parseLong(shape.group(1));
        int dimension = Integer.parseInt(shape.group(2));
        if (dimension < 1 || dimension > InputRow.MAX_COMPONENTS) {
            throw corrupt(
                    path, "has rows of " + dimension + " components; 1 to " + InputRow.MAX_COMPONENTS + " are read");
        }
        long rowLength = (long) dimension * type.bytes;
        if ((fileLength - dataOffset) % rowLength != 0 || (fileLength - dataOffset) / rowLength != rows) {
            throw corrupt(
                    path,
                    "should hold " + rows + " rows of " + rowLength + " bytes from byte " + dataOffset + " but is "
                            + fileLength + " bytes long");
        }
        return new NpyHeader(type, rows, dimension, dataOffset);
    }

    private static Matcher find(Path path, Pattern pattern, String what, String header) {
        Matcher matcher = pattern.matcher(header);
        if (!matcher.find()) {
            throw corrupt(path, "has no " + what + " in its header: an array of two dimensions is read");
        }
        return matcher;
    }

    private static GrapeException corrupt(Path path, String text) {
        return new GrapeException(ErrorCode.DATA_CORRUPT, path + ": " + text);
    }
}
