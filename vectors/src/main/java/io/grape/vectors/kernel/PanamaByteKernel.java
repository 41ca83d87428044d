package io.grape.vectors.kernel;

import io.grape.vectors.model.HotPath;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * On {@code jdk.incubator.vector}, which has no instruction that multiplies bytes: even and odd bytes are moved apart into 16-bit
 * lanes and multiplied there; two products fit a lane, and are widened to 32 bits.
 */
final class PanamaByteKernel implements ByteKernel {
    private static final VectorSpecies<Byte> BYTES = ByteVector.SPECIES_PREFERRED;
    private static final int STEP = BYTES.vectorByteSize();
    private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;

    @HotPath
    @Override
    public void dot(
            MemorySegment query, MemorySegment rows, long rowsOffset, int strideBytes, int rowCount, int[] out) {
        for (int row = 0; row < rowCount; row += ROWS_AT_A_TIME) {
            long row0 = rowsOffset + (long) row * strideBytes;
            long row1 = row0 + strideBytes;
            long row2 = row1 + strideBytes;
            long row3 = row2 + strideBytes;
            IntVector sum0 = IntVector.zero(IntVector.SPECIES_PREFERRED);
            IntVector sum1 = sum0;
            IntVector sum2 = sum0;
            IntVector sum3 = sum0;
            for (int i = 0; i < strideBytes; i += STEP) {
                ShortVector q = load(query, i);
                ShortVector even = even(q);
                ShortVector odd = odd(q);
                sum0 = sum0.add(products(load(rows, row0 + i), even, odd));
                sum1 = sum1.add(products(load(rows, row1 + i), even, odd));
                sum2 = sum2.add(products(load(rows, row2 + i), even, odd));
                sum3 = sum3.add(products(load(rows, row3 + i), even, odd));
            }
            out[row] = sum0.reduceLanes(VectorOperators.ADD);
            out[row + 1] = sum1.reduceLanes(VectorOperators.ADD);
            out[row + 2] = sum2.reduceLanes(VectorOperators.ADD);
            out[row + 3] = sum3.reduceLanes(VectorOperators.ADD);
        }
    }

    @HotPath
    @Override
    public void dotAndSquares(
            MemorySegment query,
            MemorySegment rows,
            long rowsOffset,
            int strideBytes,
            int rowCount,
            int[] dots,
            int[] squares) {
        for (int row = 0; row < rowCount; row++) {
            long at = rowsOffset + (long) row * strideBytes;
            IntVector dot = IntVector.zero(IntVector.SPECIES_PREFERRED);
            IntVector square = dot;
            for (int i = 0; i < strideBytes; i += STEP) {
                ShortVector q = load(query, i);
                ShortVector r = load(rows, at + i);
                dot = dot.add(products(r, even(q), odd(q)));
                square = square.add(products(r, even(r), odd(r)));
            }
            dots[row] = dot.reduceLanes(VectorOperators.ADD);
            squares[row] = square.reduceLanes(VectorOperators.ADD);
        }
    }

    @HotPath
    private static ShortVector load(MemorySegment memory, long at) {
        return ByteVector.fromMemorySegment(BYTES, memory, at, ORDER).reinterpretAsShorts();
    }

    @HotPath
    private static ShortVector even(ShortVector pairs) {
        return pairs.lanewise(VectorOperators.LSHL, 8).lanewise(VectorOperators.ASHR, 8);
    }

    @HotPath
    private static ShortVector odd(ShortVector pairs) {
        return pairs.lanewise(VectorOperators.ASHR, 8);
    }

    @HotPath
    private static IntVector products(ShortVector pairs, ShortVector even, ShortVector odd) {
        IntVector sums = even(pairs).mul(even).add(odd(pairs).mul(odd)).reinterpretAsInts();
        return sums.lanewise(VectorOperators.LSHL, 16)
                .lanewise(VectorOperators.ASHR, 16)
                .add(sums.lanewise(VectorOperators.ASHR, 16));
    }
}
