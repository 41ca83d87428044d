/**
 * Which disk, and which life of it, stands behind a node id: pure bookkeeping of the pipeline's thread. Knows nothing of
 * messages, logs or roles; the core decides what follows from it, and the log makes it durable.
 */
@NullMarked
package io.grape.raft.core.lives;

import org.jspecify.annotations.NullMarked;
