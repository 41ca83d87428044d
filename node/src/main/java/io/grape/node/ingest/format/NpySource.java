package io.grape.node.ingest.format;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/** The rows of a two-dimensional .npy array. */
final class NpySource implements RowSource {
    private final FileWindow file;
    private final NpyHeader header;
    private final long firstId;
    private final int rowLength;
    private long row;

    NpySource(Path path, ReadOptions options) throws IOException {
        this.firstId = options.firstId();
        this.file = new FileWindow(path);
        try {
            header = NpyHeader.read(path, file);
            rowLength = header.dimension() * header.type().bytes();
        } catch (IOException | RuntimeException failure) {
            file.close();
            throw failure;
        }
    }

    @Override
    public boolean next(InputRow into) throws IOException {
        if (row == header.rows()) {
            return false;
        }
        ByteBuffer bytes = file.at(header.dataOffset() + row * rowLength, rowLength);
        into.begin(row, 0, firstId);
        for (int i = 0; i < header.dimension(); i++) {
            into.add(header.type().read(bytes));
        }
        row++;
        return true;
    }

    @Override
    public void skip(long count) {
        row = Math.min(header.rows(), row + count);
    }

    @Override
    public long rowCount() {
        return header.rows();
    }

    @Override
    public double fraction() {
        return header.rows() == 0 ? 1 : row / (double) header.rows();
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
