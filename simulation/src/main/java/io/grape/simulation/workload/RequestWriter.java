package io.grape.simulation.workload;

import io.grape.codecs.sbe.BooleanType;
import io.grape.codecs.sbe.Consistency;
import io.grape.codecs.sbe.CreateCollectionEncoder;
import io.grape.codecs.sbe.DeleteEncoder;
import io.grape.codecs.sbe.ElementType;
import io.grape.codecs.sbe.GetEncoder;
import io.grape.codecs.sbe.IdFilter;
import io.grape.codecs.sbe.MessageHeaderEncoder;
import io.grape.codecs.sbe.Metric;
import io.grape.codecs.sbe.SearchEncoder;
import io.grape.codecs.sbe.UpsertEncoder;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** Encodes a client's requests; what only the session core knows is left zero. Returns lengths in bytes. */
final class RequestWriter {
    private static final int DIMENSION = 2;

    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final UnsafeBuffer scratch = new UnsafeBuffer(new byte[1024]);

    int create(MutableDirectBuffer buffer, String name) {
        byte[] bytes = name.getBytes(StandardCharsets.US_ASCII);
        CreateCollectionEncoder create = new CreateCollectionEncoder().wrapAndApplyHeader(buffer, 0, header);
        create.dimension(DIMENSION)
                .metric(Metric.EUCLIDEAN)
                .elementType(ElementType.FLOAT32)
                .putName(bytes, 0, bytes.length);
        return create.limit();
    }

    /**
     * Encodes an upsert whose points all carry the value as payload.
     *
     * @param expectedVersion of every point, see {@link io.grape.client.PointBatch#ifVersion}
     */
    int upsert(MutableDirectBuffer buffer, int collectionId, long[] keys, long value, long expectedVersion) {
        UpsertEncoder upsert = new UpsertEncoder().wrapAndApplyHeader(buffer, 0, header);
        upsert.tableEpoch(0).collectionId(collectionId).dimension(DIMENSION);
        UpsertEncoder.PointsEncoder points = upsert.pointsCount(keys.length);
        for (long key : keys) {
            points.next()
                    .payloadLength(Long.BYTES)
                    .expectedVersion(expectedVersion)
                    .id()
                    .most(0)
                    .least(key);
        }
        int vectors = keys.length * DIMENSION * Float.BYTES;
        for (int i = 0; i < keys.length; i++) {
            scratch.putFloat(i * DIMENSION * Float.BYTES, (float) keys[i], ByteOrder.LITTLE_ENDIAN);
            scratch.putFloat(i * DIMENSION * Float.BYTES + Float.BYTES, (float) value, ByteOrder.LITTLE_ENDIAN);
            scratch.putLong(vectors + i * Long.BYTES, value);
        }
        upsert.putVectors(scratch, 0, vectors).putPayloads(scratch, vectors, keys.length * Long.BYTES);
        return upsert.limit();
    }

    int delete(MutableDirectBuffer buffer, int collectionId, long[] keys, long expectedVersion) {
        DeleteEncoder delete = new DeleteEncoder().wrapAndApplyHeader(buffer, 0, header);
        delete.tableEpoch(0).collectionId(collectionId);
        DeleteEncoder.PointsEncoder points = delete.pointsCount(keys.length);
        for (long key : keys) {
            points.next().expectedVersion(expectedVersion).id().most(0).least(key);
        }
        return delete.limit();
    }

    int get(MutableDirectBuffer buffer, int collectionId, long[] keys, Consistency consistency, long minPosition) {
        GetEncoder get = new GetEncoder().wrapAndApplyHeader(buffer, 0, header);
        get.minPosition(minPosition)
                .collectionId(collectionId)
                .consistency(consistency)
                .withVectors(BooleanType.TRUE);
        GetEncoder.PointsEncoder points = get.pointsCount(keys.length);
        for (long key : keys) {
            points.next().id().most(0).least(key);
        }
        return get.limit();
    }

    int search(MutableDirectBuffer buffer, int collectionId, int k, Consistency consistency, long minPosition) {
        SearchEncoder search = new SearchEncoder().wrapAndApplyHeader(buffer, 0, header);
        search.minPosition(minPosition).collectionId(collectionId).k(k).consistency(consistency);
        scratch.putFloat(0, 1, ByteOrder.LITTLE_ENDIAN);
        scratch.putFloat(Float.BYTES, 1, ByteOrder.LITTLE_ENDIAN);
        search.exact(BooleanType.FALSE).filter(IdFilter.NONE).ef(0).scoreLimit(Float.NaN);
        search.putVector(scratch, 0, DIMENSION * Float.BYTES);
        search.putFilterIds(scratch, 0, 0);
        return search.limit();
    }
}
