/**
 * Readers of files of vectors: each gives one row after the other, with a reason where a row cannot be used.
 *
 * <p>Called by one thread for each source. They hold one window of the file in memory, whatever its length, and know nothing
 * of clusters. A row that is wrong is told in the row; a file that cannot be read on is a DATA_CORRUPT.
 */
@NullMarked
package io.grape.node.ingest.format;

import org.jspecify.annotations.NullMarked;
