package io.grape.shards;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.function.IntToLongFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ShardHashTest {
    private static final int SHARDS = 1024;
    private static final int SHARD_BITS = 10;
    private static final int KEYS = 500 * SHARDS;

    /** The xxHash project's own figures: the empty string, "a", "abc". */
    @ParameterizedTest
    @CsvSource({"'', ef46db3751d8e999", "a, d24ec4f1a98c6e5b", "abc, 44bc2cf5ad770999"})
    void theReferenceAgreesWithPublishedFigures(String text, String hash) {
        assertThat(Long.toHexString(ReferenceXxHash64.hash(text.getBytes(StandardCharsets.US_ASCII), 0)))
                .isEqualTo(hash);
    }

    /** The sanity buffer of xxHash's own self-test, at lengths that take every branch of the specification. */
    @ParameterizedTest
    @CsvSource({
        "1, 0, 0xe934a84adb052768",
        "1, 2654435761, 0x5014607643a9b4c3",
        "4, 0, 0x9136a0dca57457ee",
        "14, 0, 0x8282dcc4994e35c8",
        "14, 2654435761, 0xc3bd6bf63deb6df0",
        "222, 0, 0xb641ae8cb691c174",
        "222, 2654435761, 0x20cb8ab7ae10c14a"
    })
    void theReferenceAgreesWithTheSelfTestOfXxHash(int length, long seed, String hash) {
        byte[] buffer = new byte[length];
        long generator = 2654435761L;
        for (int i = 0; i < length; i++) {
            buffer[i] = (byte) (generator >>> 56);
            generator *= Long.parseUnsignedLong("11400714785074694797");
        }
        assertThat("0x" + Long.toHexString(ReferenceXxHash64.hash(buffer, seed)))
                .isEqualTo(hash);
    }

    @Test
    void theHashIsXxHash64OfTwentyFourBytes() {
        Random random = new Random(7);
        for (int i = 0; i < 100_000; i++) {
            int collectionId = random.nextInt();
            long most = random.nextLong() >> random.nextInt(64);
            long least = random.nextLong() >> random.nextInt(64);
            assertThat(ShardHash.hash(collectionId, most, least)).isEqualTo(reference(collectionId, most, least));
        }
    }

    @Test
    void tenMillionKeysHaveOneOwnerByTheRouterAndByTheReference() {
        ShardGroup[] groups = {new ShardGroup(0, 0, List.of()), new ShardGroup(1, 0, List.of())};
        int[] sizes = {1024, 4096, 16_384};
        ShardRouter[] routers = new ShardRouter[sizes.length];
        for (int i = 0; i < sizes.length; i++) {
            short[] owners = new short[sizes[i]];
            long[] epochs = new long[sizes[i]];
            for (int shard = 0; shard < owners.length; shard++) {
                owners[shard] = (short) (Integer.bitCount(shard) & 1);
                epochs[shard] = 1;
            }
            routers[i] = new ShardRouter(new ShardTable(1, owners, epochs, List.of(groups)));
        }
        long wrong = 0;
        for (int key = 0; key < 10_000_000; key++) {
            long hash = reference(7, 0, key);
            for (int i = 0; i < sizes.length; i++) {
                int shard = (int) (hash >>> (Long.SIZE - Integer.numberOfTrailingZeros(sizes[i])));
                wrong += routers[i].groupOf(7, 0, key) == (Integer.bitCount(shard) & 1) ? 0 : 1;
            }
        }
        assertThat(wrong).isZero();
    }

    /** Version 1 for ever: a build that disagrees here would look for points where they are not. */
    @ParameterizedTest
    @CsvSource({
        "0, 0, 0, 0xbb3302e8a9608868",
        "1, 0, 0, 0xdaab9fed45e581bc",
        "1, 0, 1, 0xe7eca035373323d2",
        "1, 0, 2, 0x404598b5da910070",
        "1, 1, 0, 0x9bfb12b2cbce113c",
        "2, 0, 1, 0xc9cd304750df8bba",
        "7, 0, 4294967296, 0x9e17f089bf63d8ae",
        "2147483647, -1, -1, 0xc23182efb1d4766e",
        "-1, -9223372036854775808, 9223372036854775807, 0xdb3dc995c77e5aa1"
    })
    void goldenVectorsOfVersionOne(int collectionId, long most, long least, String hash) {
        assertThat("0x" + Long.toHexString(ShardHash.hash(collectionId, most, least)))
                .isEqualTo(hash);
        assertThat(ShardHash.VERSION).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 7, 10, 12, 14})
    void theShardIsTheUppermostBits(int shardBits) {
        int shards = 1 << shardBits;
        assertThat(ShardHash.shardOf(0, shardBits)).isZero();
        assertThat(ShardHash.shardOf(-1, shardBits)).isEqualTo(shards - 1);
        SplittableRandom random = new SplittableRandom(3);
        for (int i = 0; i < 1000; i++) {
            long hash = random.nextLong();
            long expected = Math.unsignedMultiplyHigh(hash, shards);
            assertThat(ShardHash.shardOf(hash, shardBits)).isEqualTo((int) expected);
        }
    }

    @Test
    void sequentialKeysSpreadEvenly() {
        assertThat(sigmas(1, i -> i)).isBetween(-4.0, 4.0);
        assertThat(sigmas(2, i -> 1_000_000_007L + i)).isBetween(-4.0, 4.0);
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 8, 12, 16, 24, 32, 40, 44})
    void shiftedKeysSpreadEvenly(int shift) {
        assertThat(sigmas(1, i -> (long) i << shift)).isBetween(-4.0, 4.0);
    }

    @Test
    void randomKeysSpreadEvenly() {
        SplittableRandom random = new SplittableRandom(11);
        assertThat(sigmas(1, i -> random.nextLong())).isBetween(-4.0, 4.0);
    }

    @Test
    void keysMadeOfTextSpreadEvenly() {
        int[] counts = new int[SHARDS];
        for (int i = 0; i < KEYS; i++) {
            UUID id = UUID.nameUUIDFromBytes(("user-" + i).getBytes(StandardCharsets.US_ASCII));
            counts[shard(3, id.getMostSignificantBits(), id.getLeastSignificantBits())]++;
        }
        assertThat(sigmas(counts)).isBetween(-4.0, 4.0);
    }

    @Test
    void oneKeyOverManyCollectionsSpreadsEvenly() {
        int[] counts = new int[SHARDS];
        for (int i = 0; i < KEYS; i++) {
            counts[shard(i, 0, 42)]++;
        }
        assertThat(sigmas(counts)).isBetween(-4.0, 4.0);
    }

    @Test
    void aHashThatOnlyCountsWouldBeFoundOut() {
        int[] counts = new int[SHARDS];
        for (int i = 0; i < KEYS; i++) {
            counts[i % SHARDS]++;
        }
        assertThat(sigmas(counts)).isLessThan(-4.0);
    }

    private static double sigmas(int collectionId, IntToLongFunction key) {
        int[] counts = new int[SHARDS];
        for (int i = 0; i < KEYS; i++) {
            counts[shard(collectionId, 0, key.applyAsLong(i))]++;
        }
        return sigmas(counts);
    }

    /** Pearson's chi-square of the counts, in standard deviations from its mean. */
    private static double sigmas(int[] counts) {
        double expected = (double) KEYS / SHARDS;
        double chiSquare = 0;
        for (int count : counts) {
            chiSquare += (count - expected) * (count - expected) / expected;
        }
        double degrees = SHARDS - 1;
        return (chiSquare - degrees) / Math.sqrt(2 * degrees);
    }

    private static int shard(int collectionId, long most, long least) {
        return ShardHash.shardOf(ShardHash.hash(collectionId, most, least), SHARD_BITS);
    }

    private static long reference(int collectionId, long most, long least) {
        ByteBuffer input = ByteBuffer.allocate(24).order(ByteOrder.LITTLE_ENDIAN);
        input.putLong(Integer.toUnsignedLong(collectionId)).putLong(least).putLong(most);
        return ReferenceXxHash64.hash(input.array(), 0);
    }
}
