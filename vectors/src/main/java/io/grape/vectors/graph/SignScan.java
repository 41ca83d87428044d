package io.grape.vectors.graph;

import io.grape.vectors.model.HotPath;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
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
        int sum = 0;
        for (int first = 0; first < query.length; first += Long.SIZE) {
            long plane0 = 0;
            long plane1 = 0;
            long plane2 = 0;
            long plane3 = 0;
            long plane4 = 0;
            int end = Math.min(query.length, first + Long.SIZE);
            for (int i = first; i < end; i++) {
                int level = Math.round(query[i] * perStep);
                sum += level;
                long bits = level;
                plane0 |= (bits & 1) << i;
                plane1 |= (bits >>> 1 & 1) << i;
                plane2 |= (bits >>> 2 & 1) << i;
                plane3 |= (bits >>> 3 & 1) << i;
                plane4 |= (bits >>> 4 & 1) << i;
            }
            long at = first / Byte.SIZE;
            planes.set(LONG, at, plane0);
            planes.set(LONG, at + planeBytes, plane1);
            planes.set(LONG, at + 2L * planeBytes, plane2);
            planes.set(LONG, at + 3L * planeBytes, plane3);
            planes.set(LONG, at + 4L * planeBytes, plane4);
        }
        // <q, s> is twice the sum over the components above zero, less the sum of all.
        twoSteps = 2 * largest / LARGEST;
        half = sum / 2f;
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
