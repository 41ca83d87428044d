package io.grape.vectors.kernel;

import io.grape.vectors.model.HotPath;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Scans 1-bit codes, 32 rows at a time: four components at once choose one of sixteen sums, which a byte shuffle looks up for
 * all rows (FastScan; André, Kermarrec, Le Scouarnec, VLDB 2015).
 *
 * <pre>
 * Block of 32 rows, G groups of four components, G a multiple of 16
 * offset  size  field    meaning
 *   16 g    16  group g  components 4 g to 4 g + 3 of every row, the first in the lowest bit of a nibble:
 *                        rows  0..7  in the low  nibbles of bytes 0, 2 .. 14
 *                        rows  8..15 in the low  nibbles of bytes 1, 3 .. 15
 *                        rows 16..23 in the high nibbles of bytes 0, 2 .. 14
 *                        rows 24..31 in the high nibbles of bytes 1, 3 .. 15
 * Table of a query: for each group 16 bytes of 0..63, the rounded sum of the components whose bit is set in their number
 * </pre>
 *
 * <p>Stateless; any thread. Blocks and tables are off-heap.
 */
public interface FastScan {
    /** Rows of a block. */
    int ROWS = 32;

    /** Components a group has. */
    int COMPONENTS = 4;

    /** Bytes a group takes, in a block and in a table. */
    int GROUP_BYTES = 16;

    /** A multiple of these groups: what one turn of the loop takes on the widest machine. */
    int GROUP_MULTIPLE = 16;

    /** Largest sum in a table: four of them fit a byte. */
    int LARGEST_ENTRY = 63;

    /**
     * Adds up the entries that the codes choose.
     *
     * @param out takes a sum for each row, an unsigned 16-bit number; from {@code block * 32}
     */
    void scan(MemorySegment table, MemorySegment blocks, long blocksOffset, int groups, int blockCount, short[] out);

    /** Groups that a dimension takes. */
    static int groups(int dimension) {
        int components = COMPONENTS * GROUP_MULTIPLE;
        return (dimension + components - 1) / components * GROUP_MULTIPLE;
    }

    /** Bytes of a block. */
    static int blockBytes(int dimension) {
        return groups(dimension) * GROUP_BYTES;
    }

    /** Sets one bit of one row in a block of zeros. */
    @HotPath
    static void setBit(MemorySegment blocks, long block, int row, int component) {
        long at = block + (long) (component / COMPONENTS) * GROUP_BYTES + 2L * (row % 8) + (row / 8 % 2);
        int bit = component % COMPONENTS + (row < ROWS / 2 ? 0 : COMPONENTS);
        int bits = blocks.get(ValueLayout.JAVA_BYTE, at) | 1 << bit;
        blocks.set(ValueLayout.JAVA_BYTE, at, (byte) bits);
    }

    /**
     * Writes the table of a query, so that {@code step * sum + offset} is about the sum of the components whose bit is set.
     *
     * @param result takes step and offset
     */
    @HotPath
    static void writeTable(float[] query, MemorySegment table, float[] result) {
        float range = 0;
        float offset = 0;
        for (int first = 0; first < query.length; first += COMPONENTS) {
            float negative = 0;
            float positive = 0;
            for (int i = first; i < Math.min(query.length, first + COMPONENTS); i++) {
                negative += Math.min(0, query[i]);
                positive += Math.max(0, query[i]);
            }
            offset += negative;
            range = Math.max(range, positive - negative);
        }
        float perStep = range > 0 ? LARGEST_ENTRY / range : 0;
        int groups = groups(query.length);
        for (int group = 0; group < groups; group++) {
            writeGroup(query, group, perStep, table);
        }
        result[0] = range / LARGEST_ENTRY;
        result[1] = offset;
    }

    @HotPath
    private static void writeGroup(float[] query, int group, float perStep, MemorySegment table) {
        int first = group * COMPONENTS;
        for (int entry = 0; entry < GROUP_BYTES; entry++) {
            float sum = 0;
            for (int i = 0; i < COMPONENTS && first + i < query.length; i++) {
                float component = query[first + i];
                // Above the least sum of the group, so that no entry is negative.
                sum += ((entry >>> i & 1) == 0 ? 0 : component) - Math.min(0, component);
            }
            table.set(ValueLayout.JAVA_BYTE, (long) group * GROUP_BYTES + entry, (byte) Math.round(sum * perStep));
        }
    }
}
