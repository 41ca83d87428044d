package io.grape.benchmarks.replication;

import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.Optional;
import java.util.zip.DataFormatException;
import org.HdrHistogram.Histogram;

/**
 * One cell as the client process prints it.
 *
 * @param size      bytes of an entry
 * @param load      entries a second, or in flight
 * @param isWindow  whether {@code load} is a window
 * @param perSecond committed entries a second
 * @param failed    entries that were not
 * @param latencyNs of the committed ones
 */
record CellLine(int size, int load, boolean isWindow, double perSecond, long failed, Histogram latencyNs) {
    private static final String MARK = "CELL";
    private static final int FIELDS = 7;

    String print() {
        ByteBuffer bytes = ByteBuffer.allocate(latencyNs.getNeededByteBufferCapacity());
        int length = latencyNs.encodeIntoCompressedByteBuffer(bytes);
        byte[] packed = new byte[length];
        bytes.flip();
        bytes.get(packed);
        return String.join(
                " ",
                MARK,
                Integer.toString(size),
                Integer.toString(load),
                Boolean.toString(isWindow),
                Double.toString(perSecond),
                Long.toString(failed),
                Base64.getEncoder().encodeToString(packed));
    }

    static Optional<CellLine> parse(String line) {
        String[] fields = line.split(" ", -1);
        if (fields.length != FIELDS || !fields[0].equals(MARK)) {
            return Optional.empty();
        }
        try {
            return Optional.of(new CellLine(
                    Integer.parseInt(fields[1]),
                    Integer.parseInt(fields[2]),
                    Boolean.parseBoolean(fields[3]),
                    Double.parseDouble(fields[4]),
                    Long.parseLong(fields[5]),
                    Histogram.decodeFromCompressedByteBuffer(
                            ByteBuffer.wrap(Base64.getDecoder().decode(fields[6])), 0)));
        } catch (DataFormatException damaged) {
            throw new IllegalArgumentException("a cell of the client cannot be read: " + line, damaged);
        }
    }
}
