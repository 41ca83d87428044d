package io.grape.node.ingress;

import io.grape.node.config.NodeLimits;

/**
 * What requests are measured against.
 *
 * @param groupId          group that all of them go to, while there is one
 * @param limits           what is accepted
 * @param maxInFlightBytes bytes of commands that may be in the log and not yet applied
 */
public record RequestScope(int groupId, NodeLimits limits, long maxInFlightBytes) {}
