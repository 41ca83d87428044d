package io.grape.client.session;

import java.util.List;

/**
 * What the client's machine needs to know.
 *
 * @param endpoints        "host:port" of the nodes to begin with
 * @param clientId         identity for exactly-once writes
 * @param firstSequence    sequence of the first write
 * @param attemptTimeoutNs how long one attempt waits for its answer before it is sent again
 * @param maxInFlight      requests without an answer
 * @param pinned           stay with the first endpoint and follow no leader
 * @param credentials      opaque bytes
 */
@SuppressWarnings("ArrayRecordComponent")
public record SessionConfig(
        List<String> endpoints,
        long clientId,
        long firstSequence,
        long attemptTimeoutNs,
        int maxInFlight,
        boolean pinned,
        byte[] credentials) {

    /** Refuses what the caller's own check should have refused. */
    public SessionConfig {
        endpoints = List.copyOf(endpoints);
        if (endpoints.isEmpty()) {
            throw new IllegalArgumentException("no endpoints");
        }
        if (maxInFlight < 1 || maxInFlight > WriteWindow.LENGTH) {
            throw new IllegalArgumentException("maxInFlight " + maxInFlight);
        }
        if (attemptTimeoutNs < 1 || firstSequence < 1) {
            throw new IllegalArgumentException("attemptTimeoutNs and firstSequence must be above 0");
        }
    }
}
