package io.grape.vectors.kernel;

import io.grape.vectors.model.HotPath;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * On {@code jdk.incubator.vector}, one, two or four groups a vector. Sums of four turns stay in bytes; then they are widened,
 * even and odd bytes apart, which is why a block keeps rows 0..7 in even bytes. What the groups of a vector have added
 * up in different lanes is folded at the end.
 */
final class PanamaFastScan implements FastScan {
    private static final VectorSpecies<Byte> BYTES = ByteVector.SPECIES_PREFERRED;
    private static final VectorSpecies<Short> SHORTS = ShortVector.SPECIES_PREFERRED;
    private static final int STEP = BYTES.vectorByteSize();
    private static final int TURNS = 4;
    private static final int LANES = SHORTS.length();
    private static final short LOW_NIBBLES = 0x0F0F;
    private static final short LOW_BYTE = 0xFF;
    private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;
    /** Where in a vector the table of a lane's group begins. */
    private static final ShortVector TABLES = tables();

    private static final VectorShuffle<Short> BY_16 = VectorShuffle.fromOp(SHORTS, lane -> (lane + 16) % LANES);
    private static final VectorShuffle<Short> BY_8 = VectorShuffle.fromOp(SHORTS, lane -> (lane + 8) % LANES);

    @HotPath
    @Override
    public void scan(
            MemorySegment table, MemorySegment blocks, long blocksOffset, int groups, int blockCount, short[] out) {
        int bytes = groups * GROUP_BYTES;
        for (int block = 0; block < blockCount; block++) {
            scanBlock(table, blocks, blocksOffset + (long) block * bytes, bytes, out, block * ROWS);
        }
    }

    @HotPath
    private static void scanBlock(MemorySegment table, MemorySegment blocks, long at, int bytes, short[] out, int to) {
        ShortVector sum0 = ShortVector.zero(SHORTS);
        ShortVector sum1 = ShortVector.zero(SHORTS);
        ShortVector sum2 = ShortVector.zero(SHORTS);
        ShortVector sum3 = ShortVector.zero(SHORTS);
        for (int i = 0; i < bytes; i += TURNS * STEP) {
            ByteVector low = ByteVector.zero(BYTES);
            ByteVector high = ByteVector.zero(BYTES);
            for (int turn = 0; turn < TURNS; turn++) {
                int offset = i + turn * STEP;
                ByteVector entries = ByteVector.fromMemorySegment(BYTES, table, offset, ORDER);
                ShortVector codes = ByteVector.fromMemorySegment(BYTES, blocks, at + offset, ORDER)
                        .reinterpretAsShorts();
                low = low.add(
                        codes.and(LOW_NIBBLES).or(TABLES).reinterpretAsBytes().selectFrom(entries));
                high = high.add(codes.lanewise(VectorOperators.LSHR, 4)
                        .and(LOW_NIBBLES)
                        .or(TABLES)
                        .reinterpretAsBytes()
                        .selectFrom(entries));
            }
            ShortVector lowPairs = low.reinterpretAsShorts();
            ShortVector highPairs = high.reinterpretAsShorts();
            sum0 = sum0.add(lowPairs.and(LOW_BYTE));
            sum1 = sum1.add(lowPairs.lanewise(VectorOperators.LSHR, 8));
            sum2 = sum2.add(highPairs.and(LOW_BYTE));
            sum3 = sum3.add(highPairs.lanewise(VectorOperators.LSHR, 8));
        }
        store(sum0, out, to);
        store(sum1, out, to + 8);
        store(sum2, out, to + 16);
        store(sum3, out, to + 24);
    }

    @HotPath
    private static void store(ShortVector sum, short[] out, int to) {
        ShortVector folded = sum;
        if (LANES > 16) {
            folded = folded.add(folded.rearrange(BY_16));
        }
        if (LANES > 8) {
            folded = folded.add(folded.rearrange(BY_8));
        }
        ((ShortVector) folded.reinterpretShape(ShortVector.SPECIES_128, 0)).intoArray(out, to);
    }

    private static ShortVector tables() {
        byte[] starts = new byte[STEP];
        for (int i = 0; i < STEP; i++) {
            starts[i] = (byte) (i / GROUP_BYTES * GROUP_BYTES);
        }
        return ByteVector.fromArray(BYTES, starts, 0).reinterpretAsShorts();
    }
}
