package io.grape.shards.ring;

/**
 * XXH64 of two 64-bit words with the ring's own seed, so that the places of nodes are independent of the shards of points.
 *
 * <p>Input: 16 bytes, the first word and then the second, each little-endian; the xxHash specification with the length 16
 * put in. Frozen like the shard hash: nodes of different builds must agree on the ring.
 */
final class RingHash {
    /** ASCII "GRAPERNG", read as a little-endian number. */
    static final long SEED = 0x474E524550415247L;

    private static final long PRIME_1 = 0x9E3779B185EBCA87L;
    private static final long PRIME_2 = 0xC2B2AE3D27D4EB4FL;
    private static final long PRIME_3 = 0x165667B19E3779F9L;
    private static final long PRIME_4 = 0x85EBCA77C2B2AE63L;
    private static final long PRIME_5 = 0x27D4EB2F165667C5L;
    private static final long INPUT_LENGTH = 16;

    private RingHash() {}

    static long hash(long first, long second) {
        long hash = round(round(SEED + PRIME_5 + INPUT_LENGTH, first), second);
        hash ^= hash >>> 33;
        hash *= PRIME_2;
        hash ^= hash >>> 29;
        hash *= PRIME_3;
        return hash ^ hash >>> 32;
    }

    private static long round(long hash, long lane) {
        return Long.rotateLeft(hash ^ Long.rotateLeft(lane * PRIME_2, 31) * PRIME_1, 27) * PRIME_1 + PRIME_4;
    }
}
