package io.grape.vectors.graph;

import io.grape.vectors.model.HotPath;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Bounds squared distances from below by the signs of long codes, so that the levels of what is far away are never read.
 *
 * <p>The query is rounded to {@value #LARGEST} steps to either side and laid out in {@value #PLANES} planes of bits, two's
 * complement, so that a product with signs is a sum of counted bits. Owned by one thread; {@link #prepare} fixes the query.
 */
final class SignScan {
    private static final VectorSpecies<Long> LONGS = LongVector.SPECIES_PREFERRED;
    private static final VectorSpecies<Integer> INTS = IntVector.SPECIES_PREFERRED;
    private static final int STEP = LONGS.vectorByteSize();
    private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG.withOrder(ORDER);
    private static final int PLANES = 5;
    private static final int LARGEST = (1 << (PLANES - 1)) - 1;
    /** Standard errors below the estimate where the bound is: of twenty distances one is lower. */
    private static final float ERRORS = 1.65f;

    private final NodeFiles nodes;
    private final int vectors;
    private final int planeBytes;
    private final int factorOffset;
    private final int levelOffset;
    private final int strideBytes;
    private final MemorySegment planes;
    /** A multiple of 64 of them; those behind the query stay zero. */
    private final int[] levels;

    private float squaredLength;
    private float allowance;
    private float twoSteps;
    private float half;
    private long touched;

    SignScan(NodeFiles nodes, Arena arena) {
        this.nodes = nodes;
        NodeLayout layout = nodes.layout();
        this.vectors = (layout.signBytes() + STEP - 1) / STEP;
        // What a vector reads behind the signs is counted against bits that are zero.
        this.planeBytes = vectors * STEP;
        this.factorOffset = layout.signFactorOffset();
        this.levelOffset = layout.levelOffset();
        this.strideBytes = layout.codeStride();
        this.levels = new int[layout.signBytes() * Byte.SIZE];
        this.planes = arena.allocate(Math.max(64L, (long) PLANES * planeBytes), 64);
    }

    /**
     * Fixes a rotated, centred query.
     *
     * @param largest its largest component, without sign
     */
    @HotPath
    void prepare(float[] query, float largest, float squared) {
        squaredLength = squared;
        allowance = ERRORS * (float) Math.sqrt(squared);
        float perStep = largest > 0 ? LARGEST / largest : 0;
        int sum = QueryLevels.round(query, perStep, levels);
        for (int plane = 0; plane < PLANES; plane++) {
            for (int first = 0; first < query.length; first += Long.SIZE) {
                planes.set(LONG, (long) plane * planeBytes + first / Byte.SIZE, bits(first, plane));
            }
        }
        // <q, s> is twice the sum over the components above zero, less the sum of all.
        twoSteps = 2 * largest / LARGEST;
        half = sum / 2f;
    }

    /** One bit of 64 levels. */
    @HotPath
    private long bits(int first, int plane) {
        long bits = 0;
        for (int i = 0; i < Long.SIZE; i += INTS.length()) {
            IntVector some = IntVector.fromArray(INTS, levels, first + i);
            bits |= some.and(1 << plane).compare(VectorOperators.NE, 0).toLong() << i;
        }
        return bits;
    }

    /**
     * Moves those to the front whose distance may be below a threshold, and reads the first bytes of their levels ahead.
     *
     * @return how many there are
     */
    @HotPath
    int keepNearer(int[] candidates, int count, float threshold) {
        MemorySegment[] memories = nodes.memoriesAcquire();
        int kept = 0;
        long ahead = 0;
        for (int i = 0; i < count; i++) {
            int node = candidates[i];
            MemorySegment memory = memories[nodes.file(node)];
            long code = nodes.codeOffset(node);
            candidates[kept] = node;
            if (bound(memory, code) < threshold) {
                kept++;
                for (int at = levelOffset; at < strideBytes; at += 64) {
                    ahead += memory.get(LONG, code + at);
                }
            }
        }
        touched = ahead;
        return kept;
    }

    /** Lower bound of a distance, but for one in twenty. */
    @HotPath
    float bound(MemorySegment memory, long code) {
        LongVector total = LongVector.zero(LONGS);
        for (int at = 0; at < planeBytes; at += STEP) {
            LongVector signs = LongVector.fromMemorySegment(LONGS, memory, code + at, ORDER);
            LongVector sum = counted(signs, at + 4L * planeBytes).neg();
            sum = sum.add(sum).add(counted(signs, at + 3L * planeBytes));
            sum = sum.add(sum).add(counted(signs, at + 2L * planeBytes));
            sum = sum.add(sum).add(counted(signs, at + (long) planeBytes));
            total = total.add(sum.add(sum).add(counted(signs, at)));
        }
        float product = twoSteps * (total.reduceLanes(VectorOperators.ADD) - half);
        long factor = code + factorOffset;
        return squaredLength
                + memory.get(NodeFiles.FLOAT, factor + 8)
                - 2 * memory.get(NodeFiles.FLOAT, factor) * product
                - allowance * memory.get(NodeFiles.FLOAT, factor + 4);
    }

    @HotPath
    private LongVector counted(LongVector signs, long plane) {
        return signs.and(LongVector.fromMemorySegment(LONGS, planes, plane, ORDER))
                .lanewise(VectorOperators.BIT_COUNT);
    }

    /** What was read ahead, so that reading it is not left out. */
    long touched() {
        return touched;
    }
}
