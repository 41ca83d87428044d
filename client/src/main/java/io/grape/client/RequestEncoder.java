package io.grape.client;

import io.grape.codecs.sbe.BooleanType;
import io.grape.codecs.sbe.ChangeNodeEncoder;
import io.grape.codecs.sbe.CreateCollectionEncoder;
import io.grape.codecs.sbe.DeleteEncoder;
import io.grape.codecs.sbe.DropCollectionEncoder;
import io.grape.codecs.sbe.ElementType;
import io.grape.codecs.sbe.GetEncoder;
import io.grape.codecs.sbe.ListCollectionsEncoder;
import io.grape.codecs.sbe.MessageHeaderEncoder;
import io.grape.codecs.sbe.Metric;
import io.grape.codecs.sbe.MoveShardEncoder;
import io.grape.codecs.sbe.PointIdEncoder;
import io.grape.codecs.sbe.SearchEncoder;
import io.grape.codecs.sbe.StatusEncoder;
import io.grape.codecs.sbe.UpsertEncoder;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.agrona.MutableDirectBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Encodes requests; one for each slot, so that no two threads share a flyweight and none is made for a request.
 *
 * <p>What only the polling thread knows (session, correlation id, client id, sequence, acknowledged through) is left
 * zero and written over later. Every method returns the length of the message in bytes.
 */
final class RequestEncoder {
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final ChangeNodeEncoder change = new ChangeNodeEncoder();
    private final UpsertEncoder upsert = new UpsertEncoder();
    private final DeleteEncoder delete = new DeleteEncoder();
    private final GetEncoder get = new GetEncoder();
    private final SearchEncoder search = new SearchEncoder();
    private final StatusEncoder status = new StatusEncoder();
    private final MoveShardEncoder move = new MoveShardEncoder();
    private final ListCollectionsEncoder list = new ListCollectionsEncoder();
    private final CreateCollectionEncoder create = new CreateCollectionEncoder();
    private final DropCollectionEncoder drop = new DropCollectionEncoder();

    int create(MutableDirectBuffer buffer, String name, int dimension, Metric metric) {
        byte[] nameBytes = name.getBytes(StandardCharsets.UTF_8);
        create.wrapAndApplyHeader(buffer, 0, header)
                .dimension(dimension)
                .metric(metric)
                .elementType(ElementType.FLOAT32)
                .putName(nameBytes, 0, nameBytes.length);
        return create.limit();
    }

    int drop(MutableDirectBuffer buffer, int collectionId) {
        drop.wrapAndApplyHeader(buffer, 0, header).collectionId(collectionId);
        return drop.limit();
    }

    int changeNode(MutableDirectBuffer buffer, int nodeId, String endpoint) {
        byte[] bytes = endpoint.getBytes(StandardCharsets.UTF_8);
        change.wrapAndApplyHeader(buffer, 0, header).nodeId(nodeId).putEndpoint(bytes, 0, bytes.length);
        return change.limit();
    }

    int upsert(MutableDirectBuffer buffer, int collectionId, long tableEpoch, PointBatch batch, int group) {
        upsert.wrapAndApplyHeader(buffer, 0, header)
                .tableEpoch(tableEpoch)
                .collectionId(collectionId)
                .dimension(batch.dimension());
        batch.encodeInto(upsert, buffer, group);
        return upsert.limit();
    }

    int delete(
            MutableDirectBuffer buffer,
            int collectionId,
            long tableEpoch,
            long[] ids,
            long @Nullable [] expectedVersions) {
        delete.wrapAndApplyHeader(buffer, 0, header).tableEpoch(tableEpoch).collectionId(collectionId);
        DeleteEncoder.PointsEncoder points = delete.pointsCount(ids.length);
        for (int i = 0; i < ids.length; i++) {
            points.next()
                    .expectedVersion(expectedVersions == null ? PointBatch.ANY_VERSION : expectedVersions[i])
                    .id()
                    .most(0)
                    .least(ids[i]);
        }
        return delete.limit();
    }

    int get(
            MutableDirectBuffer buffer,
            int collectionId,
            long[] ids,
            boolean withVectors,
            Consistency consistency,
            int group) {
        get.wrapAndApplyHeader(buffer, 0, header)
                .minPosition(consistency.minPosition(group))
                .collectionId(collectionId)
                .consistency(wire(consistency))
                .withVectors(withVectors ? BooleanType.TRUE : BooleanType.FALSE);
        GetEncoder.PointsEncoder points = get.pointsCount(ids.length);
        for (long id : ids) {
            points.next().id().most(0).least(id);
        }
        return get.limit();
    }

    int search(
            MutableDirectBuffer buffer,
            int collectionId,
            float[] query,
            int k,
            Consistency consistency,
            SearchOptions options,
            int group) {
        search.wrapAndApplyHeader(buffer, 0, header)
                .minPosition(consistency.minPosition(group))
                .collectionId(collectionId)
                .k(k)
                .consistency(wire(consistency))
                .exact(options.isExact() ? BooleanType.TRUE : BooleanType.FALSE)
                .filter(options.filter())
                .ef(options.ef())
                .scoreLimit(options.scoreLimit());
        int bytes = query.length * Float.BYTES;
        int offset = search.limit();
        buffer.putInt(offset, bytes, ByteOrder.LITTLE_ENDIAN);
        offset += SearchEncoder.vectorHeaderLength();
        for (int i = 0; i < query.length; i++) {
            buffer.putFloat(offset + i * Float.BYTES, query[i], ByteOrder.LITTLE_ENDIAN);
        }
        offset += bytes;
        buffer.putInt(offset, options.idCount() * PointIdEncoder.ENCODED_LENGTH, ByteOrder.LITTLE_ENDIAN);
        offset += SearchEncoder.filterIdsHeaderLength();
        for (int i = 0; i < options.idCount(); i++) {
            buffer.putLong(offset, 0, ByteOrder.LITTLE_ENDIAN);
            buffer.putLong(offset + Long.BYTES, options.id(i), ByteOrder.LITTLE_ENDIAN);
            offset += PointIdEncoder.ENCODED_LENGTH;
        }
        return offset;
    }

    int list(MutableDirectBuffer buffer, Consistency consistency, int group) {
        list.wrapAndApplyHeader(buffer, 0, header)
                .minPosition(consistency.minPosition(group))
                .consistency(wire(consistency));
        return list.limit();
    }

    int status(MutableDirectBuffer buffer) {
        status.wrapAndApplyHeader(buffer, 0, header);
        return status.limit();
    }

    int moveShard(MutableDirectBuffer buffer, int shard, int destination) {
        move.wrapAndApplyHeader(buffer, 0, header).shard(shard).destination(destination);
        return move.limit();
    }

    static io.grape.codecs.sbe.Consistency wire(Consistency consistency) {
        return switch (consistency.kind()) {
            case LINEARIZABLE -> io.grape.codecs.sbe.Consistency.LINEARIZABLE;
            case AT_LEAST_POSITION -> io.grape.codecs.sbe.Consistency.AT_LEAST_POSITION;
            case LOCAL -> io.grape.codecs.sbe.Consistency.LOCAL;
        };
    }
}
