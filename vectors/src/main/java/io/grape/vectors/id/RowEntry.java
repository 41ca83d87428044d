package io.grape.vectors.id;

/** A reusable value of the map: which row holds a point, and its version. One thread at a time. */
public final class RowEntry {
    private int segment;
    private int ordinal;
    private long version;

    /** Sets all fields and returns this. */
    public RowEntry set(int newSegment, int newOrdinal, long newVersion) {
        segment = newSegment;
        ordinal = newOrdinal;
        version = newVersion;
        return this;
    }

    /** Index of the segment. */
    public int segment() {
        return segment;
    }

    /** Row within the segment. */
    public int ordinal() {
        return ordinal;
    }

    /** The caller's version of the point. */
    public long version() {
        return version;
    }
}
