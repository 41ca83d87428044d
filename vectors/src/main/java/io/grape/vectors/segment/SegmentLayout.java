package io.grape.vectors.segment;

/**
 * Where the columns of a segment lie: structure of arrays behind a {@link FileHeader}, each of {@code n} rows.
 *
 * <pre>
 * Segment v1, little-endian; n = rowCapacity, a multiple of 16
 * offset           size      field          meaning                                             order
 *       0            64      header         see FileHeader                                      once
 *      64          16 n      id             most, then least significant half                   plain, before publish
 *      +            8 n      version        the caller's version of the point                   plain, before publish
 *      +            8 n      createdAt      sequence of the operation that appended the row     plain, before publish
 *      +            8 n      deletedAt      sequence that replaced or removed it; 0 = live      release / acquire
 *      +            8 n      payloadRef     extent in the high, offset in the low 32 bits       plain, before publish
 *      +            4 n      payloadBytes   0 = no payload                                      plain, before publish
 *      +            4 n      inverseNorm    1 / |vector|, float32; 0 for a zero vector          plain, before publish
 *      +       stride n      vector         float32, padded with zeros to 64 B                  plain, before publish
 * </pre>
 *
 * <p>n is a multiple of 16 so that every column starts on a cache line, also the ones of four bytes, and so that a
 * kernel that takes four rows at a time stays inside the file.
 *
 * @param metricCode code of the metric
 * @param dimension components a vector
 * @param strideBytes bytes from one vector to the next, a multiple of 64
 * @param rowCapacity rows a segment holds, a multiple of {@value #ROW_MULTIPLE}
 */
public record SegmentLayout(int metricCode, int dimension, int strideBytes, int rowCapacity) {
    /** Row capacities are multiples of this. */
    public static final int ROW_MULTIPLE = 16;

    /** The layout named in the header of a payload file, which has no rows. */
    static final SegmentLayout NO_ROWS = new SegmentLayout(0, 0, 0, 0);

    /** Bytes of a row beside its vector. */
    public static final int COLUMN_BYTES = 56;

    static final int ID_BYTES = 2 * Long.BYTES;

    public SegmentLayout {
        if (rowCapacity % ROW_MULTIPLE != 0 || strideBytes % 64 != 0 || strideBytes < dimension * Float.BYTES) {
            throw new IllegalArgumentException("rows " + rowCapacity + ", stride " + strideBytes);
        }
    }

    long idOffset() {
        return FileHeader.BYTES;
    }

    long versionOffset() {
        return idOffset() + (long) ID_BYTES * rowCapacity;
    }

    long createdAtOffset() {
        return versionOffset() + (long) Long.BYTES * rowCapacity;
    }

    long deletedAtOffset() {
        return createdAtOffset() + (long) Long.BYTES * rowCapacity;
    }

    long payloadRefOffset() {
        return deletedAtOffset() + (long) Long.BYTES * rowCapacity;
    }

    long payloadBytesOffset() {
        return payloadRefOffset() + (long) Long.BYTES * rowCapacity;
    }

    long inverseNormOffset() {
        return payloadBytesOffset() + (long) Integer.BYTES * rowCapacity;
    }

    long vectorOffset() {
        return inverseNormOffset() + (long) Float.BYTES * rowCapacity;
    }

    /** Length of a segment file. */
    public long fileBytes() {
        return vectorOffset() + (long) strideBytes * rowCapacity;
    }
}
