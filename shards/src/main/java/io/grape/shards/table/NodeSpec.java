package io.grape.shards.table;

import io.grape.codecs.GrapeException;
import io.grape.codecs.sbe.ErrorCode;

/**
 * A node as placement sees it.
 *
 * @param nodeId 0 or above
 * @param weight relative capacity; above 0
 * @param zone   what may fail as a whole (a rack, a data centre); empty when the node shares its fate with no other
 */
public record NodeSpec(int nodeId, double weight, String zone) {
    public NodeSpec {
        if (nodeId < 0 || !(weight > 0) || Double.isInfinite(weight)) {
            throw new GrapeException(
                    ErrorCode.INVALID_CONFIGURATION,
                    "node " + nodeId + " with weight " + weight + ": ids are 0 or above, weights above 0");
        }
    }

    /** A node of weight 1 without a zone. */
    public static NodeSpec of(int nodeId) {
        return new NodeSpec(nodeId, 1, "");
    }
}
