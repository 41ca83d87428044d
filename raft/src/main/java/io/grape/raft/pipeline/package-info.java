/**
 * One thread's worth of Raft groups: what comes in, the order in which its effects leave, and what is applied.
 *
 * <pre>
 *  inbound agent                 consensus agent                              apply agent
 *  (one producer)                (owns the groups and the journal's writer)   (owns the state machine)
 *
 *  subscriptions --copy--&gt; [InboundRing] --poll--&gt; GroupTable --slot--&gt; RaftGroup.step/propose
 *                                            | end of batch, for the groups that something happened to:
 *                                            |  1 send what needs no disk ------------&gt; peers
 *                                            |    (heartbeats of all groups: one frame a peer)
 *                                            |  2 one journal write ------------------&gt; [ForceAgent] --durable--+
 *                                            |  3 hold what must wait in [DurableOutbox] &lt;---------------------+
 *                                            |  4 publish min(commit, written) --Sequence--&gt; [ApplyAgent] --&gt; EntryApplier
 * </pre>
 *
 * <p>Groups lie in dense slots; a {@link io.grape.raft.pipeline.TickWheel} says which have something due, so that a turn
 * costs what happens in it and not what the pipeline holds. The consensus agent never waits for a force: what arrives while one runs is the next batch. Nothing here knows
 * Aeron, clients or vectors; the node gives it a {@link io.grape.raft.pipeline.PeerSender}, a
 * {@link io.grape.raft.pipeline.RequestSink} and an {@link io.grape.raft.pipeline.EntryApplier}.
 */
@NullMarked
package io.grape.raft.pipeline;

import org.jspecify.annotations.NullMarked;
