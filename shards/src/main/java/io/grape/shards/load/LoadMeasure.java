package io.grape.shards.load;

/** What is counted for each shard, all as rates a second. */
public enum LoadMeasure {
    /** Reads a second. */
    READS(0),
    /** Writes a second. */
    WRITES(1),
    /** Bytes written a second. */
    BYTES(2),
    /** Nanoseconds of CPU time a second. */
    CPU_NS(3);

    /** Number of measures. */
    static final int COUNT = 4;

    private final int row;

    LoadMeasure(int row) {
        this.row = row;
    }

    /** Returns the row of the measure in a tracker's arrays. */
    int row() {
        return row;
    }
}
