package io.grape.node.request;

import io.grape.codecs.sbe.CreateCollectionEncoder;
import io.grape.codecs.sbe.DeleteEncoder;
import io.grape.codecs.sbe.DropCollectionEncoder;
import io.grape.codecs.sbe.ElementType;
import io.grape.codecs.sbe.MessageHeaderEncoder;
import io.grape.codecs.sbe.Metric;
import io.grape.codecs.sbe.UpsertEncoder;
import java.nio.ByteOrder;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** Encodes requests for tests. Each call overwrites the buffer; {@link #length()} is that of the last one. */
public final class Requests {
    public static final long SESSION = 77;

    private final ExpandableArrayBuffer buffer = new ExpandableArrayBuffer(1 << 16);
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private int length;

    public ExpandableArrayBuffer buffer() {
        return buffer;
    }

    public int length() {
        return length;
    }

    public Requests create(long client, long sequence, String name, int dimension, Metric metric) {
        CreateCollectionEncoder create = new CreateCollectionEncoder();
        create.wrapAndApplyHeader(buffer, 0, header)
                .sessionId(SESSION)
                .correlationId(sequence)
                .clientId(client)
                .sequence(sequence)
                .acknowledgedThrough(0)
                .dimension(dimension)
                .metric(metric)
                .elementType(ElementType.FLOAT32)
                .name(name);
        length = MessageHeaderEncoder.ENCODED_LENGTH + create.encodedLength();
        return this;
    }

    public Requests drop(long client, long sequence, int collectionId) {
        DropCollectionEncoder drop = new DropCollectionEncoder();
        drop.wrapAndApplyHeader(buffer, 0, header)
                .sessionId(SESSION)
                .correlationId(sequence)
                .clientId(client)
                .sequence(sequence)
                .acknowledgedThrough(0)
                .collectionId(collectionId);
        length = MessageHeaderEncoder.ENCODED_LENGTH + drop.encodedLength();
        return this;
    }

    /** Points with ids first, first + 1, ...; the payload of each is its id as text when {@code withPayload}. */
    public Requests upsert(
            long client,
            long sequence,
            long acknowledgedThrough,
            int collectionId,
            long firstId,
            boolean withPayload,
            float[]... vectors) {
        UpsertEncoder upsert = new UpsertEncoder();
        int dimension = vectors.length == 0 ? 1 : vectors[0].length;
        UpsertEncoder.PointsEncoder points = upsert.wrapAndApplyHeader(buffer, 0, header)
                .sessionId(SESSION)
                .correlationId(sequence)
                .clientId(client)
                .sequence(sequence)
                .acknowledgedThrough(acknowledgedThrough)
                .tableEpoch(1)
                .collectionId(collectionId)
                .dimension(dimension)
                .pointsCount(vectors.length);
        UnsafeBuffer components = new UnsafeBuffer(new byte[vectors.length * dimension * Float.BYTES]);
        StringBuilder payloads = new StringBuilder();
        for (int i = 0; i < vectors.length; i++) {
            String payload = withPayload ? Long.toString(firstId + i) : "";
            payloads.append(payload);
            UpsertEncoder.PointsEncoder point = points.next();
            point.id().most(0).least(firstId + i);
            point.payloadLength(payload.length());
            for (int c = 0; c < dimension; c++) {
                components.putFloat((i * dimension + c) * Float.BYTES, vectors[i][c], ByteOrder.LITTLE_ENDIAN);
            }
        }
        upsert.putVectors(components, 0, components.capacity());
        byte[] payloadBytes = payloads.toString().getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        upsert.putPayloads(payloadBytes, 0, payloadBytes.length);
        length = MessageHeaderEncoder.ENCODED_LENGTH + upsert.encodedLength();
        return this;
    }

    public Requests delete(long client, long sequence, int collectionId, long... ids) {
        DeleteEncoder delete = new DeleteEncoder();
        DeleteEncoder.PointsEncoder points = delete.wrapAndApplyHeader(buffer, 0, header)
                .sessionId(SESSION)
                .correlationId(sequence)
                .clientId(client)
                .sequence(sequence)
                .acknowledgedThrough(0)
                .tableEpoch(1)
                .collectionId(collectionId)
                .pointsCount(ids.length);
        for (long id : ids) {
            points.next().id().most(0).least(id);
        }
        length = MessageHeaderEncoder.ENCODED_LENGTH + delete.encodedLength();
        return this;
    }
}
