package io.grape.node.demo.data;

import io.grape.codecs.GrapeException;
import io.grape.codecs.sbe.ErrorCode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Converts images in the IDX format of MNIST to a {@link VectorFile} of bytes, one row for each image.
 *
 * <p>IDX is big-endian: a magic number (two zero bytes, element type 8 for unsigned bytes, number of axes), the length
 * of each axis as int32, then the elements. Images have three axes, labels one. The label of a row is its digit.
 * Stateless.
 */
public final class ImageSetConverter {
    private static final int IMAGES_MAGIC = 0x0803;
    private static final int LABELS_MAGIC = 0x0801;

    private ImageSetConverter() {}

    /**
     * Converts a pair of files to {@code target}.
     *
     * @return one line for people: what was written
     * @throws IOException    if a file cannot be read or written
     * @throws GrapeException DATA_CORRUPT if a source is not such a file or the two differ in length
     */
    public static String convert(Path images, Path labels, Path target) throws IOException {
        ByteBuffer pixels = ByteBuffer.wrap(Files.readAllBytes(images));
        ByteBuffer digits = ByteBuffer.wrap(Files.readAllBytes(labels));
        int count = axes(images, pixels, IMAGES_MAGIC, 3);
        long pixelsOfOne = (long) pixels.getInt(Integer.BYTES * 2) * pixels.getInt(Integer.BYTES * 3);
        if (pixelsOfOne > VectorFile.MAX_DIMENSION) {
            throw malformed(images, "an image of " + pixelsOfOne + " pixels; the limit is " + VectorFile.MAX_DIMENSION);
        }
        int dimension = (int) pixelsOfOne;
        if (axes(labels, digits, LABELS_MAGIC, 1) != count
                || digits.remaining() != count
                || pixels.remaining() != (long) count * dimension) {
            throw malformed(images, "its length, or that of " + labels + ", is not what their headers say");
        }
        List<String> names = new ArrayList<>(count);
        while (digits.hasRemaining()) {
            names.add(Integer.toString(digits.get() & 0xFF));
        }
        try (VectorFileWriter writer = VectorFileWriter.create(target, VectorEncoding.UINT8, names, dimension)) {
            float[] row = new float[dimension];
            for (int i = 0; i < count; i++) {
                for (int j = 0; j < dimension; j++) {
                    row[j] = pixels.get() & 0xFF;
                }
                writer.add(row);
            }
            return Conversions.describe(target, writer.finish());
        }
    }

    /** Checks the magic number, skips the axes and returns the length of the first. */
    private static int axes(Path path, ByteBuffer file, int magic, int axes) {
        int headerLength = Integer.BYTES * (1 + axes);
        if (file.remaining() < headerLength || file.getInt(0) != magic) {
            throw malformed(path, "not an IDX file of unsigned bytes with " + axes + " axes");
        }
        int count = file.getInt(Integer.BYTES);
        for (int axis = 1; axis <= axes; axis++) {
            int length = file.getInt(Integer.BYTES * axis);
            if (length < 1 || length > file.remaining()) {
                throw malformed(path, "axis " + axis + " has length " + length);
            }
        }
        file.position(headerLength);
        return count;
    }

    private static GrapeException malformed(Path path, String text) {
        return new GrapeException(ErrorCode.DATA_CORRUPT, path + ": " + text);
    }
}
