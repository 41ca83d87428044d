package io.grape.raft.core.liveness;

import org.agrona.DirectBuffer;

/** Where written frames go. Thread: the pipeline. Must neither block nor allocate. */
@FunctionalInterface
public interface FrameSink {
    /** Takes one frame; the buffer is valid during the call. */
    void send(int nodeId, DirectBuffer frame, int offset, int length);
}
