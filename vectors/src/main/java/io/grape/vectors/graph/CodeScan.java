package io.grape.vectors.graph;

import io.grape.vectors.model.HotPath;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Estimates squared distances of nodes to a query from their 4-bit codes.
 *
 * <p>The query is rounded to {@value #QUERY_LEVELS} steps to either side; its error is a tenth of the code's. A product
 * of levels is below 2^11, so 16-bit lanes hold the sum of {@value #VECTORS_A_FLUSH} vectors of four nibbles each. What
 * lies behind the levels of a code is multiplied by zero. Owned by one thread; {@link #prepare} fixes the query.
 */
final class CodeScan {
    private static final VectorSpecies<Short> SHORTS = ShortVector.SPECIES_PREFERRED;
    private static final int LANES = SHORTS.length();
    private static final int STEP = SHORTS.vectorByteSize();
    private static final int NIBBLES = 4;
    private static final int NIBBLE_MASK = 15;
    private static final int QUERY_LEVELS = 127;
    private static final int VECTORS_A_FLUSH = 4;
    private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;
    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT.withOrder(ORDER);

    private final NodeFiles nodes;
    private final int factorOffset;
    private final int normOffset;
    private final int vectors;
    private final int codeBytes;
    private final MemorySegment weights;
    private float squaredLength;
    private float step;
    private float middle;

    CodeScan(NodeFiles nodes, Arena arena) {
        this.nodes = nodes;
        this.factorOffset = nodes.layout().factorOffset();
        this.normOffset = nodes.layout().normOffset();
        int words = nodes.layout().paddedDimension() / NIBBLES;
        this.vectors = (words + LANES - 1) / LANES;
        this.codeBytes = vectors * STEP;
        // The four nibbles of a word have their weights in four vectors behind each other.
        this.weights = arena.allocate((long) NIBBLES * codeBytes, 64);
    }

    /** Fixes a rotated, centred query. */
    @HotPath
    void prepare(float[] query) {
        float largest = 0;
        float squared = 0;
        for (float component : query) {
            largest = Math.max(largest, Math.abs(component));
            squared += component * component;
        }
        squaredLength = squared;
        step = largest / QUERY_LEVELS;
        float perStep = largest > 0 ? QUERY_LEVELS / largest : 0;
        int sum = 0;
        for (int i = 0; i < query.length; i++) {
            int level = Math.round(query[i] * perStep);
            int word = i / NIBBLES;
            long at = (long) NIBBLES * (word / LANES) * STEP + (long) i % NIBBLES * STEP + (word % LANES) * 2L;
            weights.set(SHORT, at, (short) level);
            sum += level;
        }
        middle = NodeCode.MIDDLE * sum;
    }

    /** Estimates the distances of {@code count} nodes; a little below zero is possible near the query. */
    @HotPath
    void scan(int[] candidates, int count, float[] estimates) {
        MemorySegment[] memories = nodes.memoriesAcquire();
        for (int i = 0; i < count; i++) {
            int node = candidates[i];
            estimates[i] = estimate(memories[nodes.file(node)], nodes.codeOffset(node));
        }
    }

    @HotPath
    private float estimate(MemorySegment memory, long code) {
        IntVector total = IntVector.zero(IntVector.SPECIES_PREFERRED);
        int vector = 0;
        while (vector < vectors) {
            int end = Math.min(vectors, vector + VECTORS_A_FLUSH);
            ShortVector sum = ShortVector.zero(SHORTS);
            for (; vector < end; vector++) {
                ShortVector words = ShortVector.fromMemorySegment(SHORTS, memory, code + (long) vector * STEP, ORDER);
                long at = (long) NIBBLES * vector * STEP;
                sum = sum.add(words.and((short) NIBBLE_MASK).mul(weights(at)))
                        .add(words.lanewise(VectorOperators.LSHR, 4)
                                .and((short) NIBBLE_MASK)
                                .mul(weights(at + STEP)))
                        .add(words.lanewise(VectorOperators.LSHR, 8)
                                .and((short) NIBBLE_MASK)
                                .mul(weights(at + 2L * STEP)))
                        .add(words.lanewise(VectorOperators.LSHR, 12).mul(weights(at + 3L * STEP)));
            }
            IntVector pairs = sum.reinterpretAsInts();
            total = total.add(pairs.lanewise(VectorOperators.LSHL, 16).lanewise(VectorOperators.ASHR, 16))
                    .add(pairs.lanewise(VectorOperators.ASHR, 16));
        }
        float product = step * (total.reduceLanes(VectorOperators.ADD) - middle);
        return squaredLength
                + memory.get(NodeFiles.FLOAT, code + normOffset)
                - 2 * memory.get(NodeFiles.FLOAT, code + factorOffset) * product;
    }

    @HotPath
    private ShortVector weights(long at) {
        return ShortVector.fromMemorySegment(SHORTS, weights, at, ORDER);
    }
}
