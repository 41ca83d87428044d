package io.grape.benchmarks.vectors.data;

import java.nio.file.Path;

/**
 * A prepared set: raw little-endian float32 rows and queries, and for each query the numbers of its nearest rows.
 *
 * @param name       as the command knows it
 * @param dimension  components of a vector
 * @param angular    whether vectors have length 1 and inner products count; else Euclidean distances do
 * @param rows       vectors to be found
 * @param queries    held-out vectors
 * @param directory  holds base.f32, queries.f32 and truth.i32
 */
public record VectorSet(String name, int dimension, boolean angular, int rows, int queries, Path directory) {
    /** True neighbours kept of each query. */
    public static final int TRUTH = 10;

    /** The rows. */
    public Path baseFile() {
        return directory.resolve("base.f32");
    }

    /** The queries. */
    public Path queryFile() {
        return directory.resolve("queries.f32");
    }

    /** {@link #TRUTH} row numbers a query, nearest first. */
    public Path truthFile() {
        return directory.resolve("truth.i32");
    }

    /** Bytes of the rows as float32. */
    public long rawBytes() {
        return (long) rows * dimension * Float.BYTES;
    }
}
