package io.grape.vectors.graph;

import io.grape.vectors.model.HotPath;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Writes one edge of a block: neighbour, distance, code and the two terms of its estimate.
 *
 * <p>RaBitQ (Gao and Long, SIGMOD 2024, section 3): with the residual {@code r = y - c} in rotated space and {@code s}
 * its signs, {@code <q-c, r>} is estimated without bias by {@code (S - Sc) |r|^2 / |r|_1}, where {@code S = <s, q>} and
 * {@code Sc = <s, c>}. So {@code |q-y|^2 = |q-c|^2 + |r|^2 - 2<q-c, r>} becomes {@code |q-c|^2 + A + B S} with
 * {@code B = -2 |r|^2 / |r|_1} and {@code A = |r|^2 - B Sc}; only S depends on the query, and it does not depend on c.
 *
 * <p>Builder thread, between beginWrite and endWrite of the block.
 */
final class EdgeEncoder {
    private static final int LANES = NodeBlockLayout.DEGREE;

    private final NodeBlocks blocks;
    private final NodeBlockLayout layout;

    EdgeEncoder(NodeBlocks blocks) {
        this.blocks = blocks;
        this.layout = blocks.layout();
    }

    /** Byte lane of a slot; see {@link NodeBlockLayout}. */
    @HotPath
    static int lane(int slot) {
        return slot < LANES / 2 ? 2 * slot : 2 * (slot - LANES / 2) + 1;
    }

    /** Makes {@code slot} of {@code node} an edge to {@code neighbour}. */
    @HotPath
    void write(int node, int slot, int neighbour, float distance) {
        MemorySegment own = blocks.memory(node);
        MemorySegment other = blocks.memory(neighbour);
        long block = blocks.offset(node);
        long ownVector = block + layout.vectorOffset();
        long otherVector = blocks.offset(neighbour) + layout.vectorOffset();
        long code = block + NodeBlockLayout.CODES_OFFSET + lane(slot);
        float squared = 0;
        float absolute = 0;
        float signedCentre = 0;
        int bits = 0;
        for (int i = 0; i < layout.paddedDimension(); i++) {
            float centre = own.get(NodeBlocks.FLOAT, ownVector + ((long) i << 2));
            float residual = other.get(NodeBlocks.FLOAT, otherVector + ((long) i << 2)) - centre;
            boolean positive = residual >= 0;
            squared += residual * residual;
            absolute += Math.abs(residual);
            signedCentre += positive ? centre : -centre;
            bits |= (positive ? 1 : 0) << (i & 7);
            if ((i & 7) == 7) {
                own.set(ValueLayout.JAVA_BYTE, code + (long) (i >>> 3) * LANES, (byte) bits);
                bits = 0;
            }
        }
        float slope = absolute > 0 ? -2 * squared / absolute : 0;
        long at = (long) slot << 2;
        own.set(NodeBlocks.INT, block + NodeBlockLayout.NEIGHBOUR_OFFSET + at, neighbour);
        own.set(NodeBlocks.FLOAT, block + NodeBlockLayout.DISTANCE_OFFSET + at, distance);
        own.set(NodeBlocks.FLOAT, block + NodeBlockLayout.OFFSET_TERM_OFFSET + at, squared - slope * signedCentre);
        own.set(NodeBlocks.FLOAT, block + NodeBlockLayout.SLOPE_OFFSET + at, slope);
    }
}
