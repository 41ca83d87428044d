package io.grape.raft.pipeline;

import org.agrona.concurrent.NanoClock;

/**
 * What a pipeline needs from outside.
 *
 * @param peers    the way to the other members
 * @param requests the way back to clients
 * @param clock    monotonic, nanoseconds
 */
public record PipelinePorts(PeerSender peers, RequestSink requests, NanoClock clock) {}
