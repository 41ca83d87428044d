package io.grape.node.ingress;

import io.grape.node.config.NodeLimits;
import io.grape.node.config.NodeTiming;

/**
 * What requests are measured against.
 *
 * @param limits           what is accepted
 * @param maxInFlightBytes bytes of commands that may be in the log and not yet applied
 * @param clientExpiryMs   pause after which a client is forgotten
 */
public record RequestScope(NodeLimits limits, long maxInFlightBytes, int clientExpiryMs) {
    /** As given, with the default expiry. */
    public RequestScope(NodeLimits limits, long maxInFlightBytes) {
        this(limits, maxInFlightBytes, NodeTiming.defaults().clientExpiryMs());
    }
}
