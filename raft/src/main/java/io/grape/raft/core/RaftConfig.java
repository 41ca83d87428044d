package io.grape.raft.core;

import io.grape.codecs.HotPath;
import java.util.HashSet;
import java.util.List;

/**
 * Everything that one replica of one group is told at its start.
 *
 * @param groupId     group; every message names it
 * @param nodeId      this node, not negative
 * @param members     node ids of the first voters; an empty list makes a node that only listens until it is added
 * @param timing      clocks
 * @param limits      bounds
 * @param seed        source of the randomised timeouts; the same seed gives the same history
 * @param life        which life of which disk this is; travels in every message
 */
public record RaftConfig(
        int groupId,
        int nodeId,
        List<Integer> members,
        RaftTiming timing,
        RaftLimits limits,
        long seed,
        NodeLife life) {
    /** Refuses negative or doubled ids. */
    public RaftConfig {
        members = List.copyOf(members);
        if (groupId < 0 || nodeId < 0) {
            throw new IllegalArgumentException("groupId and nodeId must not be negative");
        }
        if (new HashSet<>(members).size() != members.size()) {
            throw new IllegalArgumentException("members are named twice: " + members);
        }
        for (int member : members) {
            if (member < 0) {
                throw new IllegalArgumentException("a member's node id must not be negative: " + members);
            }
        }
    }

    /** A replica whose disk is not told apart from others. */
    public RaftConfig(
            int groupId,
            int nodeId,
            List<Integer> members,
            RaftTiming timing,
            RaftLimits limits,
            long seed,
            long incarnation) {
        this(groupId, nodeId, members, timing, limits, seed, NodeLife.ofIncarnation(incarnation));
    }

    /** Returns the life of the node's process; travels in every message. */
    @HotPath
    public long incarnation() {
        return life.incarnation();
    }

    /** Returns the node's disk, or 0; travels in every message. */
    @HotPath
    public long diskId() {
        return life.diskId();
    }

    /** Returns a configuration with default timing and limits, seeded by the node id. */
    public static RaftConfig of(int groupId, int nodeId, List<Integer> members) {
        return new RaftConfig(groupId, nodeId, members, RaftTiming.DEFAULT, RaftLimits.DEFAULT, nodeId, 0);
    }
}
