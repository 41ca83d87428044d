/**
 * Majority arithmetic for one or two (joint) sets of voters. Pure functions over longs; called by the core on the
 * pipeline's thread; knows nothing of messages, logs or roles.
 */
@NullMarked
package io.grape.raft.core.quorum;

import org.jspecify.annotations.NullMarked;
