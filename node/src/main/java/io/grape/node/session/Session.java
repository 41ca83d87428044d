package io.grape.node.session;

import io.grape.transport.ClientEgress;

/**
 * One client's connection to this node. The id and the egress are for any thread; the rest is the inbound agent's.
 */
final class Session {
    private final long id;
    private final long clientId;
    private final long connectCorrelationId;
    private final ClientEgress egress;
    private boolean announced;
    private long deadlineNs;

    Session(long id, long clientId, long connectCorrelationId, ClientEgress egress, long deadlineNs) {
        this.id = id;
        this.clientId = clientId;
        this.connectCorrelationId = connectCorrelationId;
        this.egress = egress;
        this.deadlineNs = deadlineNs;
    }

    long id() {
        return id;
    }

    long clientId() {
        return clientId;
    }

    long connectCorrelationId() {
        return connectCorrelationId;
    }

    ClientEgress egress() {
        return egress;
    }

    /** Tells whether the client has been told that the session is open. */
    boolean isAnnounced() {
        return announced;
    }

    void announced() {
        announced = true;
    }

    void deadlineNs(long newDeadlineNs) {
        deadlineNs = newDeadlineNs;
    }

    boolean isExpired(long nowNs) {
        return nowNs - deadlineNs >= 0;
    }
}
