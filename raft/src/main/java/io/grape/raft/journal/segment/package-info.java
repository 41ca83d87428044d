/**
 * The files of a journal: zero-filled segments, how they are made ahead of need, written, mapped and forced.
 *
 * <p>The pipeline's thread writes and rolls, one other thread forces, one background thread prepares, any thread that was
 * given a position may read. Knows nothing of records, groups or Raft.
 */
@NullMarked
package io.grape.raft.journal.segment;

import org.jspecify.annotations.NullMarked;
