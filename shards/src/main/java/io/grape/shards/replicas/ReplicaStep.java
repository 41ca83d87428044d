package io.grape.shards.replicas;

import java.util.List;

/** What a replica move waits for. */
public sealed interface ReplicaStep {
    /**
     * Ask the leader to change the members, if they are still those that were looked at.
     *
     * @param expectedConfigurationIndex of {@link GroupMembers}; with another one the request must be refused
     * @param voters                     from then on
     * @param learners                   from then on
     */
    record Change(long expectedConfigurationIndex, List<Integer> voters, List<Integer> learners)
            implements ReplicaStep {
        public Change {
            voters = List.copyOf(voters);
            learners = List.copyOf(learners);
        }
    }

    /**
     * Ask the leader to hand over, so that no leader is ever removed while it leads.
     *
     * @param expectedConfigurationIndex of {@link GroupMembers}
     * @param to                         a voter
     */
    record Transfer(long expectedConfigurationIndex, int to) implements ReplicaStep {}

    /**
     * The node is no member any more and deletes its files of the group.
     *
     * @param node that was left
     */
    record Release(int node) implements ReplicaStep {}

    /**
     * Look again later.
     *
     * @param why for people
     */
    record Wait(String why) implements ReplicaStep {}

    /**
     * Nothing is left to do.
     *
     * @param moved whether the replica stands where it should; false after giving up
     */
    record Done(boolean moved) implements ReplicaStep {}
}
