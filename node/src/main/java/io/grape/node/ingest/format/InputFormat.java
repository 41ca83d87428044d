package io.grape.node.ingest.format;

import io.grape.codecs.GrapeException;
import io.grape.codecs.sbe.ErrorCode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The kinds of files that can be taken in. */
public enum InputFormat {
    /** TEXMEX rows of float32. */
    FVECS,
    /** TEXMEX rows of unsigned bytes. */
    BVECS,
    /** TEXMEX rows of int32. */
    IVECS,
    /** A NumPy array. */
    NPY,
    /** Comma-separated values. */
    CSV,
    /** Tab-separated values. */
    TSV,
    /** One JSON value a line. */
    JSONL,
    /** Grape's labelled vectors. */
    GVEC,
    /** A data set of an HDF5 file. */
    HDF5;

    private static final int SNIFFED = 512;
    /** Rows that are looked at to find out how many components the file's vectors have. */
    private static final int ROWS_FOR_DIMENSION = 1000;

    /**
     * Finds out what a file is: by its first bytes where they tell, else by its name, else by its text.
     *
     * @throws GrapeException DATA_FORMAT_UNSUPPORTED if that does not tell
     */
    public static InputFormat detect(Path path) throws IOException {
        byte[] start;
        try (InputStream in = Files.newInputStream(path)) {
            start = in.readNBytes(SNIFFED);
        }
        InputFormat found = byMagic(path, start);
        if (found == null) {
            found = byName(path);
        }
        if (found == null) {
            found = byText(start);
        }
        if (found == null) {
            throw new GrapeException(
                    ErrorCode.DATA_FORMAT_UNSUPPORTED,
                    path + ": neither its first bytes nor its name tell what it is; name it with --format");
        }
        return found;
    }

    private static @Nullable InputFormat byMagic(Path path, byte[] start) {
        String text = new String(start, 0, Math.min(8, start.length), StandardCharsets.ISO_8859_1);
        if (text.startsWith("\u0093NUMPY")) {
            return NPY;
        }
        if (text.startsWith("GRAPEVEC")) {
            return GVEC;
        }
        if (text.startsWith("\u0089HDF\r\n")) {
            return HDF5;
        }
        if (text.startsWith("PAR1")) {
            throw new GrapeException(
                    ErrorCode.DATA_FORMAT_UNSUPPORTED,
                    path
                            + ": Parquet is not read here; write it as .npy or JSON Lines, for example with pyarrow or DuckDB");
        }
        return null;
    }

    private static @Nullable InputFormat byName(Path path) {
        String name = String.valueOf(path.getFileName()).toLowerCase(Locale.ROOT);
        return switch (name.substring(name.lastIndexOf('.') + 1)) {
            case "fvecs" -> FVECS;
            case "bvecs" -> BVECS;
            case "ivecs" -> IVECS;
            case "npy" -> NPY;
            case "csv" -> CSV;
            case "tsv", "tab" -> TSV;
            case "jsonl", "ndjson" -> JSONL;
            case "gvec" -> GVEC;
            case "hdf5", "h5" -> HDF5;
            default -> null;
        };
    }

    private static @Nullable InputFormat byText(byte[] start) {
        String text = new String(start, StandardCharsets.ISO_8859_1).strip();
        return text.startsWith("{") || text.startsWith("[") ? JSONL : null;
    }

    /**
     * Opens a file as this format.
     *
     * @throws IOException    if it cannot be read
     * @throws GrapeException DATA_CORRUPT or DATA_FORMAT_UNSUPPORTED, with file, field, expected and found
     */
    @SuppressWarnings("MustBeClosedChecker")
    public RowSource open(Path path, ReadOptions options) throws IOException {
        return switch (this) {
            case FVECS, BVECS, IVECS -> new VecsSource(path, this, options);
            case NPY -> new NpySource(path, options);
            case CSV -> new CsvSource(path, ',', options);
            case TSV -> new CsvSource(path, '\t', options);
            case JSONL -> new JsonLinesSource(path, options);
            case GVEC -> new GvecSource(path, options);
            case HDF5 -> new Hdf5Source(path, options);
        };
    }

    /**
     * Returns how many components the vectors of a file have: as many as those of its first row that can be read.
     *
     * @throws GrapeException DATA_CORRUPT if no row says
     */
    public int dimension(Path path, ReadOptions options) throws IOException {
        try (RowSource rows = open(path, options)) {
            InputRow row = new InputRow();
            for (int i = 0; i < ROWS_FOR_DIMENSION && rows.next(row); i++) {
                if (row.isUsable() && row.dimension() > 0 && row.dimension() <= InputRow.MAX_COMPONENTS) {
                    return row.dimension();
                }
            }
        }
        throw new GrapeException(
                ErrorCode.DATA_CORRUPT, path + ": none of its first " + ROWS_FOR_DIMENSION + " rows holds a vector");
    }
}
