package io.grape.node.config;

/**
 * One node of a cluster.
 *
 * @param nodeId   unique in the cluster, 0 to 32,767
 * @param endpoint host:port of its one UDP port; all streams share it
 */
public record MemberConfig(int nodeId, String endpoint) {}
