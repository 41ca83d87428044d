package io.grape.vectors.id;

/** The rows of a store by number, as far as a rebuild of the map needs them. Called by the writer. */
public interface LiveRows {
    /** Rows appended so far, dead ones included. */
    long rowCount();

    /**
     * Reads one row.
     *
     * @return false if the row is deleted; then key and entry are not set
     */
    boolean read(long row, PointKey key, RowEntry entry);
}
