package io.grape.shards.replicas;

import java.util.List;

/**
 * What the leader of a group says of its members.
 *
 * @param configurationIndex index of the entry that brought these members; a request for a change names it
 * @param isChanging         a change is under way: joint, or not committed yet
 * @param voters             node ids
 * @param learners           node ids
 * @param leader             who says this
 * @param caughtUp           learners that hold all but the last few entries
 * @param holders            nodes that still keep files of the group, members or not; as far as known
 */
public record GroupMembers(
        long configurationIndex,
        boolean isChanging,
        List<Integer> voters,
        List<Integer> learners,
        int leader,
        List<Integer> caughtUp,
        List<Integer> holders) {
    public GroupMembers {
        voters = List.copyOf(voters);
        learners = List.copyOf(learners);
        caughtUp = List.copyOf(caughtUp);
        holders = List.copyOf(holders);
    }
}
