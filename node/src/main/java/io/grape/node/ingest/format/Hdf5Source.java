package io.grape.node.ingest.format;

import io.grape.codecs.GrapeException;
import io.grape.codecs.sbe.ErrorCode;
import io.jhdf.HdfFile;
import io.jhdf.api.Dataset;
import io.jhdf.api.Node;
import io.jhdf.exceptions.HdfException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a two-dimensional data set of an HDF5 file, read by jHDF in blocks of about a mebibyte.
 *
 * <p>jHDF reads files as a map: a file that is cut off while it is read may end the process. It believes a length before
 * it looks whether the file is that long, so a damaged one can ask for more than the heap; the allocation that fails for it
 * leaves nothing behind, and is told as damage.
 */
final class Hdf5Source implements RowSource {
    private static final int BLOCK_BYTES = 1 << 20;
    private static final String USUAL = "train";

    private final Path path;
    private final HdfFile file;
    private final Dataset dataset;
    private final long firstId;
    private final int rows;
    private final int dimension;
    private final int blockRows;
    private Object block = new Object[0];
    private int blockStart;
    private int blockEnd;
    private int row;

    Hdf5Source(Path path, ReadOptions options) {
        this.path = path;
        this.firstId = options.firstId();
        try {
            this.file = new HdfFile(path);
        } catch (RuntimeException | OutOfMemoryError unreadable) {
            throw corrupt(unreadable);
        }
        try {
            dataset = find(options.dataset());
            int[] shape = dataset.getDimensions();
            if (shape.length != 2 || shape[0] < 0 || shape[1] < 1 || shape[1] > InputRow.MAX_COMPONENTS) {
                throw unsupported("has the shape " + java.util.Arrays.toString(shape)
                        + "; rows of 1 to 4096 components are read");
            }
            rows = shape[0];
            dimension = shape[1];
            blockRows = Math.max(1, BLOCK_BYTES / (dimension * Double.BYTES));
            Class<?> type = dataset.getJavaType();
            if (!List.of(float.class, double.class, int.class, short.class, byte.class)
                    .contains(type)) {
                throw unsupported("holds " + type.getSimpleName() + " components, which are not read");
            }
        } catch (GrapeException told) {
            file.close();
            throw told;
        } catch (RuntimeException | OutOfMemoryError unreadable) {
            file.close();
            throw corrupt(unreadable);
        }
    }

    private Dataset find(@Nullable String asked) {
        if (asked != null) {
            return file.getDatasetByPath(asked);
        }
        Node usual = file.getChildren().get(USUAL);
        if (usual instanceof Dataset train) {
            return train;
        }
        List<Dataset> all = file.getChildren().values().stream()
                .filter(Dataset.class::isInstance)
                .map(Dataset.class::cast)
                .toList();
        if (all.size() == 1) {
            return all.getFirst();
        }
        throw new GrapeException(
                ErrorCode.INVALID_CONFIGURATION,
                path + ": name one of its data sets: "
                        + all.stream().map(Node::getName).toList());
    }

    @Override
    public boolean next(InputRow into) {
        if (row == rows) {
            return false;
        }
        if (row >= blockEnd) {
            readBlock();
        }
        into.begin(row, 0, firstId);
        int at = row - blockStart;
        switch (block) {
            case float[][] floats -> add(floats[at], into);
            case double[][] doubles -> {
                for (double component : doubles[at]) {
                    into.add((float) component);
                }
            }
            case int[][] ints -> {
                for (int component : ints[at]) {
                    into.add(component);
                }
            }
            case short[][] shorts -> {
                for (short component : shorts[at]) {
                    into.add(component);
                }
            }
            case byte[][] bytes -> {
                for (byte component : bytes[at]) {
                    into.add(component);
                }
            }
            default -> throw unsupported("gave " + block.getClass().getSimpleName());
        }
        row++;
        return true;
    }

    private static void add(float[] components, InputRow into) {
        for (float component : components) {
            into.add(component);
        }
    }

    private void readBlock() {
        int count = Math.min(blockRows, rows - row);
        try {
            block = dataset.getData(new long[] {row, 0}, new int[] {count, dimension});
        } catch (RuntimeException | OutOfMemoryError unreadable) {
            throw corrupt(unreadable);
        }
        blockStart = row;
        blockEnd = row + count;
    }

    @Override
    public void skip(long count) {
        row = (int) Math.min(rows, row + count);
    }

    @Override
    public long rowCount() {
        return rows;
    }

    @Override
    public double fraction() {
        return rows == 0 ? 1 : row / (double) rows;
    }

    @Override
    public void close() {
        file.close();
    }

    private GrapeException unsupported(String text) {
        return new GrapeException(ErrorCode.DATA_FORMAT_UNSUPPORTED, path + ": " + text);
    }

    private GrapeException corrupt(Throwable cause) {
        String kind = cause instanceof HdfException ? "" : cause.getClass().getSimpleName() + ": ";
        return new GrapeException(
                ErrorCode.DATA_CORRUPT, path + ": cannot be read as HDF5: " + kind + cause.getMessage(), cause);
    }
}
