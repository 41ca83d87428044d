package io.grape.node.groups;

import io.grape.codecs.sbe.ErrorCode;

/** Takes wishes for shards to move. */
@FunctionalInterface
public interface ShardMoves {
    /** A node that moves none. */
    ShardMoves NONE = (shard, destination) -> ErrorCode.UNSUPPORTED_VERSION;

    /** See {@link HandoffDuty#request}. */
    ErrorCode request(int shard, int destination);
}
