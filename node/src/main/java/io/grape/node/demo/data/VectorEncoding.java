package io.grape.node.demo.data;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * How one row of a vector file is stored. All values are little-endian.
 *
 * <p>Stateless: any thread may call it.
 */
public enum VectorEncoding {
    /** Four bytes a component, IEEE 754 binary32: exact for what was a float. */
    FLOAT32(0) {
        @Override
        int rowLengthBytes(int dimension) {
            return dimension * Float.BYTES;
        }

        @Override
        void encode(float[] row, ByteBuffer target) {
            for (float component : row) {
                target.putFloat(component);
            }
        }

        @Override
        void decode(MemorySegment file, long offset, float[] row) {
            for (int i = 0; i < row.length; i++) {
                row[i] = file.get(FLOAT, offset + (long) i * Float.BYTES);
            }
        }
    },
    /**
     * A float32 scale, then two bytes a component: {@code component = scale * int16}, where {@code scale} maps the
     * row's largest magnitude to 32767. The error is at most half a scale step, 1.5e-5 of that magnitude.
     */
    INT16_SCALED(1) {
        @Override
        int rowLengthBytes(int dimension) {
            return Float.BYTES + dimension * Short.BYTES;
        }

        @Override
        void encode(float[] row, ByteBuffer target) {
            float largest = 0;
            for (float component : row) {
                largest = Math.max(largest, Math.abs(component));
            }
            float scale = largest / Short.MAX_VALUE;
            target.putFloat(scale);
            for (float component : row) {
                target.putShort(scale == 0 ? 0 : toStep(component, scale));
            }
        }

        private short toStep(float component, float scale) {
            long step = Math.round((double) component / scale);
            return (short) Math.clamp(step, -Short.MAX_VALUE, Short.MAX_VALUE);
        }

        @Override
        void decode(MemorySegment file, long offset, float[] row) {
            float scale = file.get(FLOAT, offset);
            for (int i = 0; i < row.length; i++) {
                row[i] = scale * file.get(SHORT, offset + Float.BYTES + (long) i * Short.BYTES);
            }
        }
    },
    /** One byte a component, 0 to 255: exact for image bytes; anything else is refused. */
    UINT8(2) {
        @Override
        int rowLengthBytes(int dimension) {
            return dimension;
        }

        @Override
        void encode(float[] row, ByteBuffer target) {
            for (float component : row) {
                int value = (int) component;
                if (value != component || value < 0 || value > 255) {
                    throw new IllegalArgumentException("not a whole number from 0 to 255: " + component);
                }
                target.put((byte) value);
            }
        }

        @Override
        void decode(MemorySegment file, long offset, float[] row) {
            for (int i = 0; i < row.length; i++) {
                row[i] = file.get(ValueLayout.JAVA_BYTE, offset + i) & 0xFF;
            }
        }
    };

    private static final ValueLayout.OfFloat FLOAT =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final int code;

    VectorEncoding(int code) {
        this.code = code;
    }

    /** Returns the number that stands for this encoding in the file's header. */
    int code() {
        return code;
    }

    /** Returns the encoding with this number, or null if there is none. */
    static @Nullable VectorEncoding ofCode(int code) {
        for (VectorEncoding encoding : values()) {
            if (encoding.code == code) {
                return encoding;
            }
        }
        return null;
    }

    /** Returns the bytes of one row. */
    abstract int rowLengthBytes(int dimension);

    /** Appends one row to {@code target}, which is little-endian and has room for it. */
    abstract void encode(float[] row, ByteBuffer target);

    /** Reads the row that begins at {@code offset} of {@code file} into {@code row}, whose length is the dimension. */
    abstract void decode(MemorySegment file, long offset, float[] row);
}
