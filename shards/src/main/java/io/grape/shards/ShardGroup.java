package io.grape.shards;

import io.grape.codecs.GrapeException;
import io.grape.codecs.sbe.ErrorCode;
import java.util.HashSet;
import java.util.List;

/**
 * A Raft group as the shard table names it.
 *
 * @param groupId      0 to 32,767
 * @param leaderNodeId the leader when the table was made, or {@link #NO_LEADER}; a hint, never a promise
 * @param members      node ids of the replicas, without duplicates
 */
public record ShardGroup(int groupId, int leaderNodeId, List<Integer> members) {
    /** The leader is not known. */
    public static final int NO_LEADER = -1;

    public ShardGroup {
        if (groupId < 0 || groupId > Short.MAX_VALUE) {
            throw new GrapeException(ErrorCode.MALFORMED_MESSAGE, "group id " + groupId + " is not within 0 to 32767");
        }
        if (new HashSet<>(members).size() != members.size()) {
            throw new GrapeException(
                    ErrorCode.MALFORMED_MESSAGE, "group " + groupId + " names a member twice: " + members);
        }
        members = List.copyOf(members);
    }

    /** Returns the same group with another leader. */
    public ShardGroup withLeader(int nodeId) {
        return new ShardGroup(groupId, nodeId, members);
    }
}
