package io.grape.node.ingress;

import io.grape.node.config.NodeLimits;
import io.grape.node.config.NodeTiming;
import java.util.function.IntFunction;

/**
 * What requests are measured against.
 *
 * @param limits           what is accepted
 * @param maxInFlightBytes bytes of commands that may be in the log and not yet applied
 * @param clientExpiryMs   pause after which a client is forgotten
 * @param changes          answers those who follow the log of a group
 */
public record RequestScope(
        NodeLimits limits, long maxInFlightBytes, int clientExpiryMs, IntFunction<ChangeReader> changes) {
    /** As given, with logs that are shown to nobody. */
    public RequestScope(NodeLimits limits, long maxInFlightBytes, int clientExpiryMs) {
        this(limits, maxInFlightBytes, clientExpiryMs, groupId -> ChangeReader.NONE);
    }

    /** As given, with the default expiry. */
    public RequestScope(NodeLimits limits, long maxInFlightBytes) {
        this(limits, maxInFlightBytes, NodeTiming.defaults().clientExpiryMs());
    }
}
