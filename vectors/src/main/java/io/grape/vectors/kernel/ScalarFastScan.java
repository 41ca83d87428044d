package io.grape.vectors.kernel;

import io.grape.vectors.model.HotPath;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** The reference: one row and one group after another. */
public final class ScalarFastScan implements FastScan {
    @HotPath
    @Override
    public void scan(
            MemorySegment table, MemorySegment blocks, long blocksOffset, int groups, int blockCount, short[] out) {
        for (int block = 0; block < blockCount; block++) {
            long at = blocksOffset + (long) block * groups * GROUP_BYTES;
            for (int row = 0; row < ROWS; row++) {
                int sum = 0;
                for (int group = 0; group < groups; group++) {
                    long first = (long) group * GROUP_BYTES;
                    int pair = blocks.get(ValueLayout.JAVA_BYTE, at + first + 2L * (row % 8) + row / 8 % 2);
                    int nibble = (row < ROWS / 2 ? pair : pair >> 4) & 15;
                    sum += table.get(ValueLayout.JAVA_BYTE, first + nibble);
                }
                out[block * ROWS + row] = (short) sum;
            }
        }
    }
}
