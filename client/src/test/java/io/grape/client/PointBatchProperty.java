package io.grape.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grape.codecs.FrameCheck;
import io.grape.codecs.GrapeException;
import io.grape.codecs.sbe.ErrorCode;
import io.grape.codecs.sbe.MessageHeaderDecoder;
import io.grape.codecs.sbe.UpsertDecoder;
import io.grape.shards.ShardTable;
import io.grape.shards.table.FirstTable;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.agrona.ExpandableArrayBuffer;

class PointBatchProperty {
    private static final ShardTable TABLE = FirstTable.of(1, 1, List.of(0));

    @Property(tries = 100)
    void whatIsEncodedIsWhatWasAddedAndAsLongAsWasSaid(
            @ForAll @IntRange(min = 1, max = 300) int points,
            @ForAll @IntRange(min = 1, max = 40) int dimension,
            @ForAll long seed) {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        PointBatch batch = new PointBatch(dimension);
        batch.add(5, new float[dimension], new byte[100]).clear();
        float[][] vectors = new float[points][dimension];
        byte[][] payloads = new byte[points][];
        for (int i = 0; i < points; i++) {
            for (int d = 0; d < dimension; d++) {
                vectors[i][d] = random.nextFloat();
            }
            payloads[i] = new byte[random.nextInt(20)];
            random.nextBytes(payloads[i]);
            batch.add(i, -i, vectors[i], payloads[i]);
        }
        ExpandableArrayBuffer buffer = new ExpandableArrayBuffer();
        int length = new RequestEncoder().upsert(buffer, 3, 1, batch, batch.route(TABLE, 3));
        assertThat(length).isEqualTo((int) batch.encodedLength());
        assertThat(FrameCheck.check(buffer, 0, length)).isEqualTo(ErrorCode.OK);
        UpsertDecoder upsert = new UpsertDecoder().wrapAndApplyHeader(buffer, 0, new MessageHeaderDecoder());
        int[] payloadLengths = new int[points];
        int i = 0;
        for (UpsertDecoder.PointsDecoder each : upsert.points()) {
            assertThat(each.id().most()).isEqualTo(i).isEqualTo(batch.idMost(i));
            assertThat(each.id().least()).isEqualTo(-i).isEqualTo(batch.id(i));
            payloadLengths[i++] = each.payloadLength();
        }
        ExpandableArrayBuffer bytes = new ExpandableArrayBuffer();
        assertThat(upsert.vectorsLength()).isEqualTo(points * dimension * Float.BYTES);
        upsert.getVectors(bytes, 0, upsert.vectorsLength());
        for (int p = 0; p < points; p++) {
            assertThat(payloadLengths[p]).isEqualTo(payloads[p].length);
            for (int d = 0; d < dimension; d++) {
                assertThat(bytes.getFloat((p * dimension + d) * Float.BYTES, ByteOrder.LITTLE_ENDIAN))
                        .isEqualTo(vectors[p][d]);
            }
        }
        byte[] allPayloads = new byte[upsert.payloadsLength()];
        upsert.getPayloads(allPayloads, 0, allPayloads.length);
        int offset = 0;
        for (byte[] payload : payloads) {
            assertThat(Arrays.copyOfRange(allPayloads, offset, offset + payload.length))
                    .isEqualTo(payload);
            offset += payload.length;
        }
        assertThat(offset).isEqualTo(allPayloads.length);
    }

    @Example
    void pointThatDoesNotFitLeavesTheBatchAsItWas() {
        PointBatch batch = new PointBatch(2).add(new UUID(7, 8), new float[2], null);
        assertThatThrownBy(() -> batch.add(1, new float[3]))
                .isInstanceOfSatisfying(
                        GrapeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DIMENSION_MISMATCH));
        assertThat(batch.size()).isEqualTo(1);
        assertThat(batch.idMost(0)).isEqualTo(7);
        assertThat(batch.id(0)).isEqualTo(8);
        assertThatThrownBy(() -> batch.id(1)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> new PointBatch(0)).isInstanceOf(GrapeException.class);
    }

    @Example
    void batchHoldsWhatItsCountCanSayAndNoMore() {
        PointBatch batch = new PointBatch(1);
        float[] vector = {1};
        for (int i = 0; i < PointBatch.MAX_POINTS; i++) {
            batch.add(i, vector);
        }
        assertThatThrownBy(() -> batch.add(1, vector)).hasMessageContaining("at most 65534");
        assertThat(batch.clear().isEmpty()).isTrue();
    }
}
