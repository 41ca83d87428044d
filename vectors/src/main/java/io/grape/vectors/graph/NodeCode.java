package io.grape.vectors.graph;

import io.grape.vectors.model.HotPath;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * Writes the 4-bit code of a rotated, centred vector, and of a long one its signs before it.
 *
 * <p>Extended RaBitQ (Gao et al., SIGMOD 2025): a vector o becomes levels u in 0..15 that stand for {@code u - 7.5}, on
 * the grid, among {@value #GRIDS} tried, whose direction is nearest to o. Then {@code <q, o>} is estimated without bias
 * by {@code f <q, u - 7.5>} with {@code f = |o|^2 / <o, u - 7.5>}, and {@code |q - o|^2 = |q|^2 + |o|^2 - 2 <q, o>}.
 * Signs s are the code of 1 bit (RaBitQ, Gao and Long, SIGMOD 2024): {@code <q, o>} is near {@code f <q, s>} with {@code f =
 * |o|^2 / <o, s>}, and errs by about {@code |q| |o| sqrt((1 - c^2) / (c^2 (D - 1)))}, c being the cosine of o and s. Stateless.
 */
final class NodeCode {
    static final int LEVELS = 16;
    static final float MIDDLE = (LEVELS - 1) / 2f;

    private static final int GRIDS = 16;
    private static final float FINEST = 0.5f;
    private static final float GRID_STEP = 0.035f;
    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT.withOrder(ByteOrder.LITTLE_ENDIAN);

    private NodeCode() {}

    /** Writes the code of {@code vector}, whose length is a multiple of four, to {@code memory} from {@code at}. */
    @HotPath
    static void write(float[] vector, MemorySegment memory, long at, NodeLayout layout) {
        float largest = 0;
        float squared = 0;
        for (float component : vector) {
            largest = Math.max(largest, Math.abs(component));
            squared += component * component;
        }
        float perStep = largest > 0 ? perStep(vector, largest) : 0;
        int words = layout.words();
        float product = 0;
        for (int word = 0; word < words; word++) {
            int bits = 0;
            for (int nibble = 0; nibble < 4; nibble++) {
                float component = vector[nibble * words + word];
                int level = level(component, perStep);
                product += (level - MIDDLE) * component;
                bits |= level << (4 * nibble);
            }
            memory.set(SHORT, at + layout.levelOffset() + 2L * word, (short) bits);
        }
        memory.set(NodeFiles.FLOAT, at + layout.factorOffset(), product > 0 ? squared / product : 0);
        memory.set(NodeFiles.FLOAT, at + layout.normOffset(), squared);
        if (layout.hasSigns()) {
            writeSigns(vector, squared, memory, at, layout);
        }
    }

    @HotPath
    private static void writeSigns(float[] vector, float squared, MemorySegment memory, long at, NodeLayout layout) {
        float product = 0;
        for (int first = 0; first < vector.length; first += Byte.SIZE) {
            int bits = 0;
            for (int i = first; i < Math.min(vector.length, first + Byte.SIZE); i++) {
                bits |= (vector[i] > 0 ? 1 : 0) << (i - first);
                product += Math.abs(vector[i]);
            }
            memory.set(ValueLayout.JAVA_BYTE, at + first / Byte.SIZE, (byte) bits);
        }
        // The sum of absolute values is at most sqrt(D) times the length: 1 / c^2 is at least 1.
        float inverse = product > 0 ? vector.length * squared / (product * product) : 1;
        double error = 2 * Math.sqrt(squared * Math.max(0, inverse - 1) / (vector.length - 1));
        long factor = at + layout.signFactorOffset();
        memory.set(NodeFiles.FLOAT, factor, product > 0 ? squared / product : 0);
        memory.set(NodeFiles.FLOAT, factor + Float.BYTES, (float) error);
    }

    /** One over the step of the best grid. */
    @HotPath
    private static float perStep(float[] vector, float largest) {
        float best = 0;
        float bestCosine = -1;
        for (int grid = 0; grid < GRIDS; grid++) {
            float perStep = LEVELS / 2f / (largest * (FINEST + GRID_STEP * grid));
            float product = 0;
            float squared = 0;
            for (float component : vector) {
                float value = level(component, perStep) - MIDDLE;
                product += value * component;
                squared += value * value;
            }
            float cosine = product / (float) Math.sqrt(squared);
            if (cosine > bestCosine) {
                bestCosine = cosine;
                best = perStep;
            }
        }
        return best;
    }

    private static int level(float component, float perStep) {
        // Truncation is floor here: what lies below zero is cut to it anyway.
        return Math.clamp((int) (component * perStep + LEVELS / 2f), 0, LEVELS - 1);
    }
}
