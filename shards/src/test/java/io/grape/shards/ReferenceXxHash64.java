package io.grape.shards;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * XXH64 for inputs of any length, written from the xxHash specification step by step and for nothing but comparison.
 */
public final class ReferenceXxHash64 {
    private static final long P1 = Long.parseUnsignedLong("11400714785074694791");
    private static final long P2 = Long.parseUnsignedLong("14029467366897019727");
    private static final long P3 = Long.parseUnsignedLong("1609587929392839161");
    private static final long P4 = Long.parseUnsignedLong("9650029242287828579");
    private static final long P5 = Long.parseUnsignedLong("2870177450012600261");

    private ReferenceXxHash64() {}

    public static long hash(byte[] input, long seed) {
        ByteBuffer in = ByteBuffer.wrap(input).order(ByteOrder.LITTLE_ENDIAN);
        long acc;
        if (input.length < 32) {
            acc = seed + P5;
        } else {
            // Steps 1 to 3: four accumulators over stripes of 32 bytes, then their convergence.
            long[] lanes = {seed + P1 + P2, seed + P2, seed, seed - P1};
            while (in.remaining() >= 32) {
                for (int i = 0; i < 4; i++) {
                    lanes[i] = round(lanes[i], in.getLong());
                }
            }
            acc = Long.rotateLeft(lanes[0], 1)
                    + Long.rotateLeft(lanes[1], 7)
                    + Long.rotateLeft(lanes[2], 12)
                    + Long.rotateLeft(lanes[3], 18);
            for (long lane : lanes) {
                acc = (acc ^ round(0, lane)) * P1 + P4;
            }
        }
        // Step 4: the length. Step 5: what is left of the input.
        acc += input.length;
        while (in.remaining() >= 8) {
            acc = Long.rotateLeft(acc ^ round(0, in.getLong()), 27) * P1 + P4;
        }
        if (in.remaining() >= 4) {
            acc = Long.rotateLeft(acc ^ Integer.toUnsignedLong(in.getInt()) * P1, 23) * P2 + P3;
        }
        while (in.hasRemaining()) {
            acc = Long.rotateLeft(acc ^ (in.get() & 0xFF) * P5, 11) * P1;
        }
        // Step 6: the avalanche.
        acc = (acc ^ acc >>> 33) * P2;
        acc = (acc ^ acc >>> 29) * P3;
        return acc ^ acc >>> 32;
    }

    private static long round(long acc, long lane) {
        return Long.rotateLeft(acc + lane * P2, 31) * P1;
    }
}
