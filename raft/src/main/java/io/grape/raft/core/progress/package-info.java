/**
 * What a leader knows of each peer: match and next index, the in-flight window, round trips. Called by the core on the
 * pipeline's thread; knows nothing of messages, logs or roles.
 */
@NullMarked
package io.grape.raft.core.progress;

import org.jspecify.annotations.NullMarked;
