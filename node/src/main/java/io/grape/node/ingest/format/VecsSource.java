package io.grape.node.ingest.format;

import io.grape.codecs.GrapeException;
import io.grape.codecs.sbe.ErrorCode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/**
 * The files of the TEXMEX corpus: .fvecs, .bvecs and .ivecs.
 *
 * <pre>
 * one row, little-endian, all rows of one length
 * offset         size  field
 *      0            4  dimension   1 to 4096, the same in every row
 *      4   n * 4 or 1  components  float32, uint8 or int32
 * </pre>
 *
 * <p>Described at http://corpus-texmex.irisa.fr. A whole number beyond 2^24 loses its last bits in a float32.
 */
final class VecsSource implements RowSource {
    private final FileWindow file;
    private final Path path;
    private final InputFormat kind;
    private final long firstId;
    private final int dimension;
    private final int rowLength;
    private final long rowCount;
    private long row;

    VecsSource(Path path, InputFormat kind, ReadOptions options) throws IOException {
        this.path = path;
        this.kind = kind;
        this.firstId = options.firstId();
        this.file = new FileWindow(path);
        try {
            dimension = readDimension();
            rowLength = Integer.BYTES + dimension * (kind == InputFormat.BVECS ? 1 : Integer.BYTES);
            rowCount = file.fileLength() / rowLength;
            long rest = file.fileLength() % rowLength;
            if (rest != 0) {
                throw corrupt("ends " + rest + " bytes into row " + rowCount + " of " + rowLength
                        + " bytes: it is cut off, or not of this kind");
            }
        } catch (IOException | RuntimeException failure) {
            file.close();
            throw failure;
        }
    }

    private int readDimension() throws IOException {
        if (file.fileLength() == 0) {
            throw corrupt("is empty");
        }
        int found = file.at(0, Integer.BYTES).getInt();
        if (found < 1 || found > InputRow.MAX_COMPONENTS) {
            throw corrupt("begins with dimension " + found + ", which should be 1 to " + InputRow.MAX_COMPONENTS);
        }
        return found;
    }

    @Override
    public boolean next(InputRow into) throws IOException {
        if (row == rowCount) {
            return false;
        }
        long offset = row * rowLength;
        ByteBuffer bytes = file.at(offset, rowLength);
        int found = bytes.getInt();
        if (found != dimension) {
            throw corrupt("row " + row + " at byte " + offset + " has dimension " + found + ", the first row has "
                    + dimension);
        }
        into.begin(row, 0, firstId);
        switch (kind) {
            case BVECS -> {
                for (int i = 0; i < dimension; i++) {
                    into.add(bytes.get() & 0xFF);
                }
            }
            case IVECS -> {
                for (int i = 0; i < dimension; i++) {
                    into.add(bytes.getInt());
                }
            }
            default -> {
                for (int i = 0; i < dimension; i++) {
                    into.add(bytes.getFloat());
                }
            }
        }
        row++;
        return true;
    }

    @Override
    public void skip(long count) {
        row = Math.min(rowCount, row + count);
    }

    @Override
    public long rowCount() {
        return rowCount;
    }

    @Override
    public double fraction() {
        return row / (double) rowCount;
    }

    @Override
    public void close() throws IOException {
        file.close();
    }

    private GrapeException corrupt(String text) {
        return new GrapeException(ErrorCode.DATA_CORRUPT, path + ": " + text);
    }
}
