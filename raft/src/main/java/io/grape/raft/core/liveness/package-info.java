/**
 * Heartbeats of many groups in one frame a peer. The core puts each heartbeat and answer on a list, the pipeline has the
 * list written as frames at the end of its turn, and hands what comes in frames back to the groups one by one. Called on
 * the pipeline's thread; knows nothing of logs, roles or {@link io.grape.raft.core.RaftGroup}.
 */
@NullMarked
package io.grape.raft.core.liveness;

import org.jspecify.annotations.NullMarked;
