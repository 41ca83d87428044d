package io.grape.node.ingress;

import io.grape.node.config.NodeLimits;
import io.grape.node.config.NodeTiming;

/**
 * What requests are measured against.
 *
 * @param groupId          group that all of them go to, while there is one
 * @param limits           what is accepted
 * @param maxInFlightBytes bytes of commands that may be in the log and not yet applied
 * @param clientExpiryMs   pause after which a client is forgotten
 * @param changes          answers those who follow the log
 */
public record RequestScope(
        int groupId, NodeLimits limits, long maxInFlightBytes, int clientExpiryMs, ChangeReader changes) {
    /** As given, with a log that is shown to nobody. */
    public RequestScope(int groupId, NodeLimits limits, long maxInFlightBytes, int clientExpiryMs) {
        this(groupId, limits, maxInFlightBytes, clientExpiryMs, ChangeReader.NONE);
    }

    /** As given, with the default expiry and a log that is shown to nobody. */
    public RequestScope(int groupId, NodeLimits limits, long maxInFlightBytes) {
        this(groupId, limits, maxInFlightBytes, NodeTiming.defaults().clientExpiryMs(), ChangeReader.NONE);
    }
}
