package io.grape.node.session;

import io.grape.codecs.HotPath;
import io.grape.node.security.Principal;
import io.grape.transport.ClientEgress;
import org.jspecify.annotations.Nullable;

/**
 * One client's connection to this node. The id and the egress are for any thread; the rest is the inbound agent's.
 */
final class Session {
    private final long id;
    private final long clientId;
    private final long connectCorrelationId;
    private final ClientEgress egress;
    private final @Nullable Principal principal;
    private boolean announced;
    private long deadlineNs;

    /**
     * @param principal whom the session belongs to; null for one that is opened only to be told that it is refused
     */
    Session(
            long id,
            long clientId,
            long connectCorrelationId,
            ClientEgress egress,
            @Nullable Principal principal,
            long deadlineNs) {
        this.id = id;
        this.clientId = clientId;
        this.connectCorrelationId = connectCorrelationId;
        this.egress = egress;
        this.principal = principal;
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

    @Nullable
    Principal principal() {
        return principal;
    }

    /** Returns whether its owner may send a request of this kind. */
    @HotPath
    boolean allows(int templateId) {
        return principal != null && principal.role().allows(templateId);
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
