package io.grape.shards.ring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grape.codecs.GrapeException;
import io.grape.shards.ReferenceXxHash64;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConsistentHashRingTest {
    private static final int SHARDS = 4096;
    private static final int[][] GOLDEN = {
        {3, 2, 4}, {2, 4, 1}, {1, 2, 4}, {1, 4, 0}, {1, 4, 3}, {0, 2, 3}, {1, 4, 2}, {0, 4, 1}
    };

    @Test
    void theHashIsXxHash64OfSixteenBytesWithTheRingsSeed() {
        assertThat(ByteBuffer.allocate(8)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putLong(RingHash.SEED)
                        .array())
                .isEqualTo("GRAPERNG".getBytes(StandardCharsets.US_ASCII));
        Random random = new Random(5);
        for (int i = 0; i < 10_000; i++) {
            ByteBuffer input = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
            long first = random.nextLong();
            long second = random.nextLong();
            input.putLong(first).putLong(second);
            assertThat(RingHash.hash(first, second)).isEqualTo(ReferenceXxHash64.hash(input.array(), RingHash.SEED));
        }
    }

    @Test
    void nodesOfDifferentBuildsAgree() {
        ConsistentHashRing ring = ring(5);
        assertThat(IntStream.range(0, 8).mapToObj(shard -> ring.preference(shard, 3)))
                .containsExactly(GOLDEN);
    }

    @Test
    void aPreferenceNamesEveryNodeOnceAndNoMore() {
        ConsistentHashRing ring = ring(7);
        for (int shard = 0; shard < 100; shard++) {
            assertThat(ring.preference(shard, 100)).containsExactlyInAnyOrder(0, 1, 2, 3, 4, 5, 6);
            assertThat(ring.preference(shard, 3)).containsExactly(first(ring.preference(shard, 7), 3));
        }
        assertThat(ring.nodeCount()).isEqualTo(7);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 10, 50})
    void aNodeThatJoinsIsOnlyInsertedIntoEachOrder(int nodes) {
        ConsistentHashRing before = ring(nodes);
        ConsistentHashRing after = ring(nodes + 1);
        for (int shard = 0; shard < 500; shard++) {
            int[] without = IntStream.of(after.preference(shard, nodes + 1))
                    .filter(node -> node != nodes)
                    .toArray();
            assertThat(without).containsExactly(before.preference(shard, nodes));
        }
    }

    @Test
    void aHeavierNodeIsPreferredInProportion() {
        ConsistentHashRing ring = ConsistentHashRing.of(Map.of(1, 1.0, 2, 2.0, 3, 1.0));
        long heavy = IntStream.range(0, SHARDS)
                .filter(shard -> ring.preference(shard, 1)[0] == 2)
                .count();
        assertThat((double) heavy / SHARDS).isBetween(0.42, 0.58);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, -1, 100.1, Double.NaN, Double.POSITIVE_INFINITY})
    void aWeightOutsideOfItsRangeIsRefused(double weight) {
        assertThatThrownBy(() -> ConsistentHashRing.of(Map.of(1, weight)))
                .isInstanceOf(GrapeException.class)
                .hasMessageContaining("node 1 has weight");
    }

    private static int[] first(int[] values, int count) {
        return Arrays.copyOf(values, count);
    }

    private static ConsistentHashRing ring(int nodes) {
        Map<Integer, Double> weights = new HashMap<>();
        IntStream.range(0, nodes).forEach(node -> weights.put(node, 1.0));
        return ConsistentHashRing.of(weights);
    }
}
