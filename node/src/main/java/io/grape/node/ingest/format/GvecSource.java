package io.grape.node.ingest.format;

import io.grape.node.demo.data.VectorFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Our own files of labelled vectors; the label becomes the payload. The whole file is checked when it is opened. */
final class GvecSource implements RowSource {
    private final VectorFile file;
    private final float[] components;
    private final long firstId;
    private int row;

    GvecSource(Path path, ReadOptions options) throws IOException {
        this.file = VectorFile.open(path);
        this.components = new float[file.dimension()];
        this.firstId = options.firstId();
    }

    @Override
    public boolean next(InputRow into) {
        if (row == file.count()) {
            return false;
        }
        into.begin(row, 0, firstId);
        file.vector(row, components);
        for (float component : components) {
            into.add(component);
        }
        String label = file.label(row);
        into.payload(label.isEmpty() ? null : label.getBytes(StandardCharsets.UTF_8));
        row++;
        return true;
    }

    @Override
    public void skip(long count) {
        row = (int) Math.min(file.count(), row + count);
    }

    @Override
    public long rowCount() {
        return file.count();
    }

    @Override
    public double fraction() {
        return row / (double) file.count();
    }

    @Override
    public void close() {
        file.close();
    }
}
