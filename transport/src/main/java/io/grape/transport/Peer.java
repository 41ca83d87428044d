package io.grape.transport;

/**
 * Another node of the cluster.
 *
 * @param nodeId       node
 * @param raftEndpoint host:port where it listens for Raft messages
 * @param bulkEndpoint host:port where it listens for snapshots and hand-offs
 */
public record Peer(int nodeId, String raftEndpoint, String bulkEndpoint) {
    /**
     * Returns a peer that listens for everything at one endpoint.
     *
     * @param nodeId   node
     * @param endpoint host:port
     * @return the peer
     */
    public static Peer of(int nodeId, String endpoint) {
        return new Peer(nodeId, endpoint, endpoint);
    }
}
