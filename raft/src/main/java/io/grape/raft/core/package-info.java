/**
 * The pure Raft core: one {@link io.grape.raft.core.RaftGroup} per group, a deterministic state machine.
 *
 * <p>Inputs are messages, ticks, proposals, reads and durable acknowledgements; outputs are staged log entries and the
 * lists of a {@link io.grape.raft.core.RaftOutput}, whose names are the durability rule. Called by the pipeline's
 * consensus handler, always on that one thread. The core never knows threads, clocks, files, sockets or randomness: the
 * time and the seed are handed in, so one seed gives one history.
 *
 * <p>Paper: Ongaro and Ousterhout, "In Search of an Understandable Consensus Algorithm", extended version; "thesis" means
 * Ongaro, "Consensus: Bridging Theory and Practice".
 */
@NullMarked
package io.grape.raft.core;

import org.jspecify.annotations.NullMarked;
