package io.grape.node.query;

import io.grape.node.config.NodeLimits;
import io.grape.node.groups.HostedGroups;

/**
 * What reads are answered from.
 *
 * @param identity       who answers
 * @param groups         collections and points, and the shard table
 * @param limits         what is accepted
 * @param maxReplyLength bytes of one reply
 */
public record QueryContext(NodeIdentity identity, HostedGroups groups, NodeLimits limits, int maxReplyLength) {}
