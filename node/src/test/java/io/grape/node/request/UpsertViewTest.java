package io.grape.node.request;

import static org.assertj.core.api.Assertions.assertThat;

import io.grape.codecs.sbe.MessageHeaderEncoder;
import io.grape.codecs.sbe.UpsertEncoder;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;

class UpsertViewTest {
    private final Requests requests = new Requests();
    private final UpsertView view = new UpsertView();

    @Test
    void findsEveryIdVectorAndPayload() {
        requests.upsert(5, 6, 4, 3, 98, true, new float[] {1, 2}, new float[] {3, 4}, new float[] {5, 6});
        view.wrap(requests.buffer(), 0);
        assertThat(view.count()).isEqualTo(3);
        assertThat(view.dimension()).isEqualTo(2);
        assertThat(view.fields().clientId()).isEqualTo(5);
        assertThat(view.fields().acknowledgedThrough()).isEqualTo(4);
        assertThat(view.isConsistent()).isTrue();
        assertThat(view.idMost(2)).isZero();
        assertThat(view.idLeast(2)).isEqualTo(100);
        assertThat(view.payloadLength(1)).isEqualTo(2);
        assertThat(view.payloadLength(2)).isEqualTo(3);
        assertThat(view.payloadsLength()).isEqualTo(7);
        assertThat(view.buffer().getStringWithoutLengthAscii(view.payloadsOffset(), 7))
                .isEqualTo("9899100");
        assertThat(view.buffer().getFloat(view.vectorOffset(2) + 4, ByteOrder.LITTLE_ENDIAN))
                .isEqualTo(6f);
    }

    @Test
    void seesThatVectorsDoNotFitTheDimension() {
        requests.upsert(1, 1, 0, 1, 1, false, new float[] {1, 2});
        int dimensionOffset = MessageHeaderEncoder.ENCODED_LENGTH + UpsertEncoder.dimensionEncodingOffset();
        requests.buffer().putInt(dimensionOffset, 3, ByteOrder.LITTLE_ENDIAN);
        assertThat(view.wrap(requests.buffer(), 0).isConsistent()).isFalse();
    }

    @Test
    void seesThatPayloadLengthsContradictThePayloads() {
        for (int wrong : new int[] {-1, 3, Integer.MAX_VALUE}) {
            requests.upsert(1, 1, 0, 1, 10, true, new float[] {1}, new float[] {2});
            view.wrap(requests.buffer(), 0);
            assertThat(view.isConsistent()).isTrue();
            int at = MessageHeaderEncoder.ENCODED_LENGTH + UpsertEncoder.BLOCK_LENGTH + 4 + 16;
            requests.buffer().putInt(at, wrong, ByteOrder.LITTLE_ENDIAN);
            assertThat(view.isConsistent()).as("payload length " + wrong).isFalse();
        }
    }
}
