package io.grape.node.groups;

import io.grape.codecs.HotPath;
import org.agrona.DirectBuffer;

/** Takes commands that the node itself proposes. Thread: the inbound agent's. */
@FunctionalInterface
public interface Proposals {
    /**
     * Queues a command for a group; one that this node does not lead drops it, so every command is proposed again until its
     * effect is seen.
     *
     * @return false when there is no room now
     */
    @HotPath
    boolean offer(int groupId, DirectBuffer command, int length);
}
