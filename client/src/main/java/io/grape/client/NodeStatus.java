package io.grape.client;

/**
 * What one node knows of its group and of itself.
 *
 * @param nodeId        the node
 * @param groupId       the group
 * @param leaderNodeId  leader as known there, or -1
 * @param term          current term
 * @param lastIndex     last entry of the log there
 * @param durableIndex  last entry that is on disk there by the sync policy
 * @param commitIndex   last entry known to be committed
 * @param appliedIndex  last entry applied
 * @param stateHash     hash of the applied state; equal on replicas at equal {@code appliedIndex}
 * @param points        live points of all collections
 * @param processId     process id of the node
 * @param syncPolicy    force, async or none
 * @param dataDirectory where its data lies
 * @param version       version of Grape
 */
public record NodeStatus(
        int nodeId,
        int groupId,
        int leaderNodeId,
        long term,
        long lastIndex,
        long durableIndex,
        long commitIndex,
        long appliedIndex,
        long stateHash,
        long points,
        long processId,
        String syncPolicy,
        String dataDirectory,
        String version) {
    /** Returns whether the node leads its group, as it sees it. */
    public boolean isLeader() {
        return nodeId == leaderNodeId;
    }
}
