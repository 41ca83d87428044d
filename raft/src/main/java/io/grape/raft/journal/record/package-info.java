/**
 * The bytes of a journal: records, and the frames that make a batch of them appear as a whole or not at all.
 *
 * <p>Called by the journal on its pipeline's thread when it writes, and by recovery and the inspector when they read.
 * Knows nothing of files, groups or Raft: it sees buffers, offsets and a salt.
 */
@NullMarked
package io.grape.raft.journal.record;

import org.jspecify.annotations.NullMarked;
