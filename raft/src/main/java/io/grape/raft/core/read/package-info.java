/**
 * Linearizable reads that wait for a confirmation round. Called by the core on the pipeline's thread; knows nothing of
 * messages, logs or roles.
 */
@NullMarked
package io.grape.raft.core.read;

import org.jspecify.annotations.NullMarked;
