package io.grape.node.config;

/**
 * One node of a cluster.
 *
 * @param nodeId   unique in the cluster, 0 to 32,767
 * @param endpoint host:port of its one UDP port; all streams share it
 * @param joining  whether it was added to a cluster that others formed
 */
public record MemberConfig(int nodeId, String endpoint, boolean joining) {
    /** One of the first members. */
    public MemberConfig(int nodeId, String endpoint) {
        this(nodeId, endpoint, false);
    }
}
