package io.grape.vectors.graph;

import io.grape.vectors.model.HotPath;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Scores the 32 neighbours of a block against a query at once: FastScan (Andre et al., VLDB 2015) over 1-bit codes.
 *
 * <p>Each group of four dimensions has a table of its 16 possible signed sums, quantized to seven bits; a code's nibble
 * looks its sum up with a byte shuffle. A byte of codes holds two groups; the two looked-up values are added in bytes
 * (at most 254), then widened into 16 bits. One lane a neighbour, so nothing is folded at the end. The error of the
 * table is far below that of the code.
 *
 * <p>Owned by one thread; {@link #prepare} fixes the query.
 */
final class NeighbourScan {
    private static final int DEGREE = NodeBlockLayout.DEGREE;
    private static final VectorSpecies<Byte> BYTES =
            ByteVector.SPECIES_PREFERRED.length() >= DEGREE ? ByteVector.SPECIES_256 : ByteVector.SPECIES_128;
    private static final VectorSpecies<Short> SHORTS =
            BYTES.length() >= DEGREE ? ShortVector.SPECIES_256 : ShortVector.SPECIES_128;
    private static final int LANES = BYTES.length();
    private static final int TABLE_ENTRIES = 16;
    private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;
    private static final int WIDE_DIMENSION = 2048;

    private final NodeBlockLayout layout;
    private final MemorySegment tables;
    private final int levels;
    private final float[] sums;
    private final short[] even = new short[DEGREE / 2];
    private final short[] odd = new short[DEGREE / 2];
    private float step;
    private float base;

    NeighbourScan(NodeBlockLayout layout, Arena arena) {
        this.layout = layout;
        int groups = layout.paddedDimension() / 4;
        // A vector may load past the 16 entries of the last group.
        this.tables = arena.allocate((long) groups * TABLE_ENTRIES + LANES, 64);
        this.sums = new float[groups * TABLE_ENTRIES];
        // Sums of D/8 bytes must stay below 2^16.
        this.levels = layout.paddedDimension() > WIDE_DIMENSION ? 63 : 127;
    }

    /** Builds the tables of a rotated query. */
    @HotPath
    void prepare(float[] rotated) {
        float widest = 0;
        float lowest = 0;
        for (int group = 0; group < rotated.length / 4; group++) {
            int at = group * TABLE_ENTRIES;
            float reach = 0;
            sums[at] = 0;
            for (int bit = 0; bit < 4; bit++) {
                float component = rotated[4 * group + bit];
                reach += Math.abs(component);
                sums[at] -= component;
            }
            for (int entry = 1; entry < TABLE_ENTRIES; entry++) {
                int lowBit = Integer.numberOfTrailingZeros(entry);
                sums[at + entry] = sums[at + (entry & entry - 1)] + 2 * rotated[4 * group + lowBit];
            }
            widest = Math.max(widest, 2 * reach);
            lowest -= reach;
        }
        step = widest > 0 ? widest / levels : 1;
        base = lowest;
        float perStep = 1 / step;
        for (int group = 0; group < rotated.length / 4; group++) {
            int at = group * TABLE_ENTRIES;
            float reach = 0;
            for (int bit = 0; bit < 4; bit++) {
                reach += Math.abs(rotated[4 * group + bit]);
            }
            for (int entry = 0; entry < TABLE_ENTRIES; entry++) {
                int level = (int) ((sums[at + entry] + reach) * perStep + 0.5f);
                tables.set(ValueLayout.JAVA_BYTE, at + entry, (byte) Math.max(0, Math.min(level, levels)));
            }
        }
    }

    /**
     * Estimates the squared distances of a block's neighbours.
     *
     * @param exact squared distance of the query to the node itself
     * @param estimates takes one value a slot; slots that are not in use hold garbage
     */
    @HotPath
    void scan(MemorySegment memory, long block, float exact, float[] estimates) {
        int rows = layout.paddedDimension() / Byte.SIZE;
        for (int lane = 0; lane < DEGREE; lane += LANES) {
            ShortVector evenSum = ShortVector.zero(SHORTS);
            ShortVector oddSum = ShortVector.zero(SHORTS);
            long codes = block + NodeBlockLayout.CODES_OFFSET + lane;
            long table = 0;
            for (int row = 0; row < rows; row++) {
                ByteVector code = ByteVector.fromMemorySegment(BYTES, memory, codes, ORDER);
                ByteVector lowTable = ByteVector.fromMemorySegment(BYTES, tables, table, ORDER);
                ByteVector highTable = ByteVector.fromMemorySegment(BYTES, tables, table + TABLE_ENTRIES, ORDER);
                ByteVector low = code.and((byte) 15).selectFrom(lowTable);
                ByteVector high = code.lanewise(VectorOperators.LSHR, 4).selectFrom(highTable);
                ShortVector pair = low.add(high).reinterpretAsShorts();
                evenSum = evenSum.add(pair.and((short) 0xFF));
                oddSum = oddSum.add(pair.lanewise(VectorOperators.LSHR, 8));
                codes += DEGREE;
                table += 2 * TABLE_ENTRIES;
            }
            evenSum.intoArray(even, lane / 2);
            oddSum.intoArray(odd, lane / 2);
        }
        long offsets = block + NodeBlockLayout.OFFSET_TERM_OFFSET;
        long slopes = block + NodeBlockLayout.SLOPE_OFFSET;
        for (int slot = 0; slot < DEGREE; slot++) {
            int steps = (slot < DEGREE / 2 ? even[slot] : odd[slot - DEGREE / 2]) & 0xFFFF;
            float sum = base + step * steps;
            estimates[slot] = exact
                    + memory.get(NodeBlocks.FLOAT, offsets + ((long) slot << 2))
                    + memory.get(NodeBlocks.FLOAT, slopes + ((long) slot << 2)) * sum;
        }
    }
}
