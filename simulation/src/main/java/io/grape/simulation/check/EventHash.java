package io.grape.simulation.check;

/** A hash of all that happened: equal for two runs that were the same. */
final class EventHash {
    private long hash;

    /** Adds something that happened. */
    void mix(long a, long b, long c, long d, long e) {
        long next = hash;
        next = (next ^ a) * 0x9E37_79B9_7F4A_7C15L;
        next = (Long.rotateLeft(next, 23) ^ b) * 0xBF58_476D_1CE4_E5B9L;
        next = (Long.rotateLeft(next, 23) ^ c) * 0x94D0_49BB_1331_11EBL;
        next = (Long.rotateLeft(next, 23) ^ d) * 0x9E37_79B9_7F4A_7C15L;
        hash = Long.rotateLeft(next, 23) ^ e;
    }

    long value() {
        return hash;
    }
}
