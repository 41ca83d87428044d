package io.grape.shards;

import io.grape.codecs.HotPath;

/**
 * The frozen hash from a point to its shard, version {@value #VERSION}.
 *
 * <p>XXH64 (the xxHash specification, section "XXH64 algorithm") with seed 0 over these 24 bytes:
 *
 * <pre>
 * offset  size  field         meaning
 *      0     8  collectionId  unsigned, little-endian
 *      8     8  idLeast       lower 64 bits of the point id, little-endian
 *     16     8  idMost        upper 64 bits of the point id, little-endian; 0 for numeric ids
 * </pre>
 *
 * The shard is the hash's uppermost {@code log2 S} bits. The code below is the specification with the length 24 put in:
 * no stripes of 32 bytes, three rounds of 8, no rest. A different result for any input would be silent loss of data, so
 * it never changes: another hash is another version, and a collection keeps the version it was created with.
 *
 * <p>Pure; any thread; allocates nothing.
 */
public final class ShardHash {
    /** The version that {@code RouteReply.hashVersion} and a collection's metadata name. */
    public static final int VERSION = 1;

    private static final long PRIME_1 = 0x9E3779B185EBCA87L;
    private static final long PRIME_2 = 0xC2B2AE3D27D4EB4FL;
    private static final long PRIME_3 = 0x165667B19E3779F9L;
    private static final long PRIME_4 = 0x85EBCA77C2B2AE63L;
    private static final long PRIME_5 = 0x27D4EB2F165667C5L;
    private static final long SEED = 0;
    private static final long INPUT_LENGTH = 24;

    private ShardHash() {}

    /**
     * Hashes a point of a collection.
     *
     * @param collectionId the collection; read as unsigned
     * @param idMost       upper 64 bits of the point id
     * @param idLeast      lower 64 bits of the point id
     */
    @HotPath
    public static long hash(int collectionId, long idMost, long idLeast) {
        long hash = SEED + PRIME_5 + INPUT_LENGTH;
        hash = round(hash, Integer.toUnsignedLong(collectionId));
        hash = round(hash, idLeast);
        hash = round(hash, idMost);
        hash ^= hash >>> 33;
        hash *= PRIME_2;
        hash ^= hash >>> 29;
        hash *= PRIME_3;
        return hash ^ hash >>> 32;
    }

    /**
     * Returns the shard of a hash.
     *
     * @param hash      of the point
     * @param shardBits {@code log2} of the number of shards, 0 to 14
     */
    @HotPath
    public static int shardOf(long hash, int shardBits) {
        // Two shifts, because one by 64 would be one by 0.
        return (int) (hash >>> 1 >>> (Long.SIZE - 1 - shardBits));
    }

    @HotPath
    private static long round(long hash, long lane) {
        return Long.rotateLeft(hash ^ Long.rotateLeft(lane * PRIME_2, 31) * PRIME_1, 27) * PRIME_1 + PRIME_4;
    }
}
