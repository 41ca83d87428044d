package io.grape.node.handoff;

import io.grape.shards.handoff.group.ChunkHeader;
import org.agrona.DirectBuffer;

/** Where chunks go. */
@FunctionalInterface
public interface ChunkTarget {
    /**
     * Takes a chunk.
     *
     * @return false when there is no room now; nothing was taken then
     */
    boolean offer(ChunkHeader header, DirectBuffer rows, int length);
}
