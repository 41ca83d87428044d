package io.grape.shards.load;

/** What is counted for each shard, all as rates a second. */
public enum LoadMeasure {
    /** Reads a second. */
    READS,
    /** Writes a second. */
    WRITES,
    /** Bytes written a second. */
    BYTES,
    /** Nanoseconds of CPU time a second. */
    CPU_NS
}
