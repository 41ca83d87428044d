package io.grape.raft.pipeline;

import org.agrona.DirectBuffer;

/** The way to the other members. Raft repeats what gets lost, so a message that cannot leave now is counted and dropped. */
@FunctionalInterface
public interface PeerSender {
    /**
     * Sends one message. Thread: the pipeline. Must neither block nor allocate.
     *
     * @return false when the message could not leave
     */
    boolean send(int nodeId, DirectBuffer message, int offset, int length);
}
