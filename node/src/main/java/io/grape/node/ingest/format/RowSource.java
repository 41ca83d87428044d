package io.grape.node.ingest.format;

import java.io.IOException;

/**
 * The rows of a file, in the file's order, each time the same. One thread.
 */
public interface RowSource extends AutoCloseable {
    /**
     * Reads the next row.
     *
     * @param row is filled; it says by itself if it cannot be used
     * @return false at the end of the file
     * @throws IOException if the disk fails
     * @throws io.grape.codecs.GrapeException DATA_CORRUPT, with the place, if no further row can be found
     */
    boolean next(InputRow row) throws IOException;

    /**
     * Passes over rows that were read in an earlier run.
     *
     * @param count how many; the file must have as many
     */
    void skip(long count) throws IOException;

    /** Returns how many rows there are, or -1 where only reading them would tell. */
    long rowCount();

    /** Returns how far the reading is, from 0 to 1. */
    double fraction();

    @Override
    void close() throws IOException;
}
