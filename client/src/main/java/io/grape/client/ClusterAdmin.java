package io.grape.client;

import io.grape.codecs.GrapeException;
import io.grape.codecs.sbe.ErrorCode;

/**
 * Changes the cluster itself. Any thread but the client's polling one; obtained from {@link GrapeClient#admin}.
 *
 * <p>A call returns when group 0 has committed what is wanted; the groups follow, one change of members after the other.
 */
public final class ClusterAdmin {
    private final Collections requests;

    ClusterAdmin(Collections requests) {
        this.requests = requests;
    }

    /**
     * Lets a node join: it becomes a learner of every group, and a voter of each once it has caught up. The node is started with
     * the first members and itself, marked {@code joining}, in its configuration.
     *
     * @param nodeId   its number, which no other node ever had
     * @param endpoint host:port
     * @throws GrapeException INVALID_CONFIGURATION if the number is that of a node at another endpoint
     */
    public void addNode(int nodeId, String endpoint) {
        if (endpoint.isBlank()) {
            throw new GrapeException(ErrorCode.INVALID_CONFIGURATION, "A node that joins has an endpoint, host:port.");
        }
        requests.changeNode(nodeId, endpoint);
    }

    /**
     * Lets a node leave every group. The last voter of a group stays, whatever is asked.
     *
     * @param nodeId its number
     */
    public void removeNode(int nodeId) {
        requests.changeNode(nodeId, "");
    }
}
