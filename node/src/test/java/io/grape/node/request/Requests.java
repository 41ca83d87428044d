package io.grape.node.request;

import io.grape.codecs.sbe.CreateCollectionEncoder;
import io.grape.codecs.sbe.DeleteEncoder;
import io.grape.codecs.sbe.DropCollectionEncoder;
import io.grape.codecs.sbe.ElementType;
import io.grape.codecs.sbe.MessageHeaderEncoder;
import io.grape.codecs.sbe.Metric;
import io.grape.codecs.sbe.TimeAdvanceEncoder;
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
    private long knownIndex;
    private long expectedVersion = UpsertView.ANY_VERSION;

    /** The index that the next requests say their client had heard of. */
    public Requests knowing(long index) {
        knownIndex = index;
        return this;
    }

    /** The version that every point of the next request must have; any again after it. */
    public Requests expecting(long version) {
        expectedVersion = version;
        return this;
    }

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
                .knownIndex(knownIndex)
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
                .collectionId(collectionId)
                .knownIndex(knownIndex);
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
                .knownIndex(knownIndex)
                .groupId(UpsertEncoder.groupIdNullValue())
                .pointsCount(vectors.length);
        UnsafeBuffer components = new UnsafeBuffer(new byte[vectors.length * dimension * Float.BYTES]);
        StringBuilder payloads = new StringBuilder();
        for (int i = 0; i < vectors.length; i++) {
            String payload = withPayload ? Long.toString(firstId + i) : "";
            payloads.append(payload);
            UpsertEncoder.PointsEncoder point = points.next();
            point.id().most(0).least(firstId + i);
            point.payloadLength(payload.length()).expectedVersion(expectedVersion);
            for (int c = 0; c < dimension; c++) {
                components.putFloat((i * dimension + c) * Float.BYTES, vectors[i][c], ByteOrder.LITTLE_ENDIAN);
            }
        }
        upsert.putVectors(components, 0, components.capacity());
        byte[] payloadBytes = payloads.toString().getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        upsert.putPayloads(payloadBytes, 0, payloadBytes.length);
        length = MessageHeaderEncoder.ENCODED_LENGTH + upsert.encodedLength();
        expectedVersion = UpsertView.ANY_VERSION;
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
                .knownIndex(knownIndex)
                .groupId(DeleteEncoder.groupIdNullValue())
                .pointsCount(ids.length);
        for (long id : ids) {
            points.next().expectedVersion(expectedVersion).id().most(0).least(id);
        }
        length = MessageHeaderEncoder.ENCODED_LENGTH + delete.encodedLength();
        expectedVersion = UpsertView.ANY_VERSION;
        return this;
    }

    public Requests timeAdvance(long elapsedMs, long expiryMs) {
        TimeAdvanceEncoder advance = new TimeAdvanceEncoder();
        advance.wrapAndApplyHeader(buffer, 0, header).elapsedMs(elapsedMs).expiryMs(expiryMs);
        length = MessageHeaderEncoder.ENCODED_LENGTH + advance.encodedLength();
        return this;
    }
}
