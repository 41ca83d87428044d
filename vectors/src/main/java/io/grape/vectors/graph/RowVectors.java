package io.grape.vectors.graph;

import java.lang.foreign.MemorySegment;

/**
 * The exact vectors of the rows, as the store keeps them: padded with zeros to 64 bytes, off-heap. The graph compares
 * {@code scale * vector}, so that a cosine store need not keep normalised copies. Any thread that is pinned.
 */
public interface RowVectors {
    /** What {@link #isLiveAt} takes for the present. */
    long NOW = Long.MAX_VALUE;

    /** Rows that exist; none is ever removed or changed. */
    long rowCount();

    /** The memory that holds a row's vector. */
    MemorySegment memory(int row);

    /** Where it starts there. */
    long offset(int row);

    /** What its components are multiplied by. */
    float scale(int row);

    /** Length of a padded vector. */
    int strideBytes();

    /** Last operation that readers see. */
    long sequence();

    /** Whether the row was neither replaced nor deleted up to an operation. */
    boolean isLiveAt(int row, long sequence);

    /** A number that tells this row from one of another store. */
    long fingerprint(int row);
}
