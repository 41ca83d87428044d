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
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG.withOrder(ORDER);

    private final NodeFiles nodes;
    private final int factorOffset;
    private final int normOffset;
    private final int levelOffset;
    private final int vectors;
    private final int words;
    private final MemorySegment weights;
    private final int[] rounded;
    private final short[] levels;
    private final boolean hasSigns;
    private final SignScan signs;
    private float squaredLength;
    private float step;
    private float middle;
    private long touched;

    CodeScan(NodeFiles nodes, Arena arena) {
        NodeLayout layout = nodes.layout();
        this.nodes = nodes;
        this.factorOffset = layout.factorOffset();
        this.normOffset = layout.normOffset();
        this.levelOffset = layout.levelOffset();
        this.words = layout.words();
        this.vectors = (words + LANES - 1) / LANES;
        // The four nibbles of a word have their weights in four vectors behind each other.
        this.weights = arena.allocate((long) NIBBLES * vectors * STEP, 64);
        this.rounded = new int[layout.paddedDimension()];
        this.levels = new short[layout.paddedDimension()];
        this.hasSigns = layout.hasSigns();
        this.signs = new SignScan(nodes, arena);
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
        middle = NodeCode.MIDDLE * QueryLevels.round(query, perStep, rounded);
        for (int i = 0; i < levels.length; i++) {
            levels[i] = (short) rounded[i];
        }
        for (int nibble = 0; nibble < NIBBLES; nibble++) {
            for (int first = 0; first < words; first += LANES) {
                long at = (long) (first / LANES * NIBBLES + nibble) * STEP;
                MemorySegment.copy(levels, nibble * words + first, weights, SHORT, at, Math.min(LANES, words - first));
            }
        }
        if (hasSigns) {
            signs.prepare(query, largest, squared);
        }
    }

    /**
     * Reads the first bytes of codes ahead: the machine fetches them side by side, while distances come one after another. Of
     * long codes moves those to the front that may be nearer than the threshold.
     *
     * @return how many are left to be estimated
     */
    @HotPath
    int keepNearer(int[] candidates, int count, float threshold) {
        MemorySegment[] memories = nodes.memoriesAcquire();
        long ahead = 0;
        for (int i = 0; i < count; i++) {
            int node = candidates[i];
            ahead += memories[nodes.file(node)].get(LONG, nodes.codeOffset(node));
        }
        touched = ahead;
        return hasSigns && threshold < Float.POSITIVE_INFINITY ? signs.keepNearer(candidates, count, threshold) : count;
    }

    /** Estimates the distances of {@code count} nodes; a little below zero is possible near the query. */
    @HotPath
    void scan(int[] candidates, int count, float[] estimates) {
        if (vectors == 1) {
            scanShort(candidates, count, estimates);
            return;
        }
        MemorySegment[] memories = nodes.memoriesAcquire();
        for (int i = 0; i < count; i++) {
            int node = candidates[i];
            estimates[i] = estimate(memories[nodes.file(node)], nodes.codeOffset(node));
        }
    }

    /** Codes whose levels one vector holds: the weights stay in registers. */
    @HotPath
    private void scanShort(int[] candidates, int count, float[] estimates) {
        MemorySegment[] memories = nodes.memoriesAcquire();
        ShortVector weights0 = weights(0);
        ShortVector weights1 = weights(STEP);
        ShortVector weights2 = weights(2L * STEP);
        ShortVector weights3 = weights(3L * STEP);
        for (int i = 0; i < count; i++) {
            int node = candidates[i];
            MemorySegment memory = memories[nodes.file(node)];
            long code = nodes.codeOffset(node);
            ShortVector levelsOfNode = ShortVector.fromMemorySegment(SHORTS, memory, code + levelOffset, ORDER);
            ShortVector sum = levelsOfNode
                    .and((short) NIBBLE_MASK)
                    .mul(weights0)
                    .add(levelsOfNode
                            .lanewise(VectorOperators.LSHR, 4)
                            .and((short) NIBBLE_MASK)
                            .mul(weights1))
                    .add(levelsOfNode
                            .lanewise(VectorOperators.LSHR, 8)
                            .and((short) NIBBLE_MASK)
                            .mul(weights2)
                            .add(levelsOfNode.lanewise(VectorOperators.LSHR, 12).mul(weights3)));
            estimates[i] = distance(memory, code, widened(sum));
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
                ShortVector levelsOfNode =
                        ShortVector.fromMemorySegment(SHORTS, memory, code + levelOffset + (long) vector * STEP, ORDER);
                long at = (long) NIBBLES * vector * STEP;
                sum = sum.add(levelsOfNode.and((short) NIBBLE_MASK).mul(weights(at)))
                        .add(levelsOfNode
                                .lanewise(VectorOperators.LSHR, 4)
                                .and((short) NIBBLE_MASK)
                                .mul(weights(at + STEP)))
                        .add(levelsOfNode
                                .lanewise(VectorOperators.LSHR, 8)
                                .and((short) NIBBLE_MASK)
                                .mul(weights(at + 2L * STEP)))
                        .add(levelsOfNode.lanewise(VectorOperators.LSHR, 12).mul(weights(at + 3L * STEP)));
            }
            total = total.add(widened(sum));
        }
        return distance(memory, code, total);
    }

    @HotPath
    private static IntVector widened(ShortVector sum) {
        IntVector pairs = sum.reinterpretAsInts();
        return pairs.lanewise(VectorOperators.LSHL, 16)
                .lanewise(VectorOperators.ASHR, 16)
                .add(pairs.lanewise(VectorOperators.ASHR, 16));
    }

    @HotPath
    private float distance(MemorySegment memory, long code, IntVector total) {
        float product = step * (total.reduceLanes(VectorOperators.ADD) - middle);
        return squaredLength
                + memory.get(NodeFiles.FLOAT, code + normOffset)
                - 2 * memory.get(NodeFiles.FLOAT, code + factorOffset) * product;
    }

    @HotPath
    private ShortVector weights(long at) {
        return ShortVector.fromMemorySegment(SHORTS, weights, at, ORDER);
    }

    /** What was read ahead, so that reading it is not left out. */
    long touched() {
        return touched + signs.touched();
    }
}
