package io.grape.shards.replicas;

/**
 * A replica of a group is to leave one node and to stand on another.
 *
 * @param groupId of the group
 * @param from    node that it leaves, or {@link #NOBODY} when a replica is added
 * @param to      node that it comes to, or {@link #NOBODY} when one is only taken away
 */
public record ReplicaMove(int groupId, int from, int to) {
    /** No node. */
    public static final int NOBODY = -1;

    public ReplicaMove {
        if (from == to) {
            throw new IllegalArgumentException("group " + groupId + " would move from node " + from + " to itself");
        }
    }
}
