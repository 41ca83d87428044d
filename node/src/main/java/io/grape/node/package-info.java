/**
 * The process: configuration, the data directory, and the wiring of all other modules into a running node.
 *
 * <pre>
 *  thread     agents                         owns
 *  pipeline   InboundAgent, ConsensusAgent   sessions, Raft state, the journal's writing side
 *  force      ForceAgent                     the durable position
 *  apply      ApplyAgent                     the state machine
 *  query      QueryAgent                     searchers and readers
 *  driver     Aeron's media driver           sockets and term buffers
 * </pre>
 *
 * <p>System properties and the environment are read here and nowhere else.
 */
@NullMarked
package io.grape.node;

import org.jspecify.annotations.NullMarked;
