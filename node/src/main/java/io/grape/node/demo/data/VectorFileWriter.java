package io.grape.node.demo.data;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * Writes a {@link VectorFile}, row by row, and measures what its encoding loses.
 *
 * <p>The file appears under its name only when {@link #finish} succeeds; until then it is {@code <name>.part}, which
 * {@link #close} removes. One thread.
 */
public final class VectorFileWriter implements AutoCloseable {
    private static final int BUFFER_LENGTH = 1 << 20;

    private final Path target;
    private final Path part;
    private final FileChannel channel;
    private final VectorEncoding encoding;
    private final byte[] labels;
    private final int count;
    private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_LENGTH).order(ByteOrder.LITTLE_ENDIAN);
    private final MemorySegment bufferSegment = MemorySegment.ofBuffer(buffer);
    private final float[] readBack;
    private final CRC32C crc = new CRC32C();
    private int written;
    private double largestError;
    private double squaredErrors;

    /** What was written: rows, components of each, bytes of the file, and the encoding's error for each component. */
    public record Summary(
            int count, int dimension, long fileLengthBytes, double largestError, double meanSquareRootError) {}

    private VectorFileWriter(
            Path target, FileChannel channel, VectorEncoding encoding, byte[] labels, int count, int dimension) {
        this.target = target;
        this.part = partOf(target);
        this.channel = channel;
        this.encoding = encoding;
        this.labels = labels;
        this.count = count;
        this.readBack = new float[dimension];
    }

    /**
     * Begins a file of one row for each label.
     *
     * @throws IOException              if it cannot be made
     * @throws IllegalArgumentException if there is no label, one is too long, or the dimension is out of range
     */
    public static VectorFileWriter create(Path target, VectorEncoding encoding, List<String> labels, int dimension)
            throws IOException {
        if (labels.isEmpty() || dimension < 1 || dimension > VectorFile.MAX_DIMENSION) {
            throw new IllegalArgumentException(labels.size() + " labels, dimension " + dimension);
        }
        byte[] labelBytes = encode(labels);
        FileChannel channel = FileChannel.open(
                partOf(target),
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.WRITE);
        VectorFileWriter writer = new VectorFileWriter(target, channel, encoding, labelBytes, labels.size(), dimension);
        writer.putHeader();
        return writer;
    }

    /** Appends the next row, in the order of the labels. */
    public void add(float[] row) throws IOException {
        if (written == count || row.length != readBack.length) {
            throw new IllegalArgumentException("row " + written + " of " + count + " with " + row.length
                    + " components instead of " + readBack.length);
        }
        int rowLength = encoding.rowLengthBytes(row.length);
        if (buffer.remaining() < rowLength) {
            flush();
        }
        int offset = buffer.position();
        encoding.encode(row, buffer);
        encoding.decode(bufferSegment, offset, readBack);
        for (int i = 0; i < row.length; i++) {
            double error = Math.abs((double) row[i] - readBack[i]);
            largestError = Math.max(largestError, error);
            squaredErrors += error * error;
        }
        written++;
    }

    /** Writes labels and checksum, forces the file and gives it its name. */
    public Summary finish() throws IOException {
        if (written != count) {
            throw new IllegalStateException(written + " rows were added, " + count + " were announced");
        }
        flush();
        writeAndSum(ByteBuffer.wrap(labels));
        buffer.putInt((int) crc.getValue());
        flush();
        channel.force(true);
        long length = channel.size();
        channel.close();
        Files.move(part, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        double components = (double) count * readBack.length;
        return new Summary(count, readBack.length, length, largestError, Math.sqrt(squaredErrors / components));
    }

    /** Removes what was not finished. */
    @Override
    public void close() throws IOException {
        channel.close();
        Files.deleteIfExists(part);
    }

    private void putHeader() {
        long labelsOffset = VectorFile.HEADER_LENGTH + (long) count * encoding.rowLengthBytes(readBack.length);
        buffer.putLong(VectorFile.MAGIC)
                .putInt(VectorFile.FORMAT_VERSION)
                .putInt(encoding.code())
                .putInt(count)
                .putInt(readBack.length)
                .putLong(labelsOffset)
                .putLong(labelsOffset + labels.length + VectorFile.CRC_LENGTH)
                .put(new byte[VectorFile.HEADER_LENGTH - buffer.position()]);
    }

    private void flush() throws IOException {
        writeAndSum(buffer.flip());
        buffer.clear();
    }

    private void writeAndSum(ByteBuffer bytes) throws IOException {
        crc.update(bytes.duplicate());
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    private static Path partOf(Path target) {
        return target.resolveSibling(target.getFileName() + ".part");
    }

    private static byte[] encode(List<String> labels) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (String label : labels) {
            byte[] text = label.getBytes(StandardCharsets.UTF_8);
            if (text.length > VectorFile.MAX_LABEL_LENGTH) {
                throw new IllegalArgumentException(
                        "label of " + text.length + " bytes; the limit is " + VectorFile.MAX_LABEL_LENGTH);
            }
            bytes.write(text.length);
            bytes.write(text, 0, text.length);
        }
        return bytes.toByteArray();
    }
}
