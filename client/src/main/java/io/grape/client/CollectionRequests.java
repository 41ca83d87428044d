package io.grape.client;

import io.grape.codecs.sbe.BooleanType;
import io.grape.codecs.sbe.CountEncoder;
import io.grape.codecs.sbe.MessageHeaderEncoder;
import io.grape.codecs.sbe.ReadChangesEncoder;
import io.grape.codecs.sbe.RenameCollectionEncoder;
import io.grape.codecs.sbe.ScrollEncoder;
import io.grape.codecs.sbe.SearchBatchEncoder;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.agrona.MutableDirectBuffer;

/**
 * Encodes the requests of {@link CollectionClient}; stateless. What only the polling thread knows is written over later.
 * Every method returns the length of the message in bytes.
 */
final class CollectionRequests {
    private CollectionRequests() {}

    static int count(MutableDirectBuffer buffer, int collectionId, Consistency consistency) {
        CountEncoder count = new CountEncoder();
        count.wrapAndApplyHeader(buffer, 0, new MessageHeaderEncoder())
                .minPosition(consistency.minPosition())
                .collectionId(collectionId)
                .groupId(CountEncoder.groupIdNullValue())
                .consistency(RequestEncoder.wire(consistency));
        return count.limit();
    }

    static int scroll(
            MutableDirectBuffer buffer,
            int collectionId,
            ScrollCursor cursor,
            int limit,
            boolean withVectors,
            Consistency consistency) {
        ScrollEncoder scroll = new ScrollEncoder();
        scroll.wrapAndApplyHeader(buffer, 0, new MessageHeaderEncoder())
                .minPosition(consistency.minPosition())
                .moment(cursor.moment())
                .collectionId(collectionId)
                .groupId(ScrollEncoder.groupIdNullValue())
                .pageSize(limit)
                .fromStart(cursor.isStart() ? BooleanType.TRUE : BooleanType.FALSE)
                .consistency(RequestEncoder.wire(consistency))
                .withVectors(withVectors ? BooleanType.TRUE : BooleanType.FALSE)
                .after()
                .most(cursor.afterMost())
                .least(cursor.afterLeast());
        return scroll.limit();
    }

    static int searchBatch(
            MutableDirectBuffer buffer,
            int collectionId,
            float[][] queries,
            int dimension,
            int k,
            boolean exact,
            Consistency consistency) {
        SearchBatchEncoder search = new SearchBatchEncoder();
        search.wrapAndApplyHeader(buffer, 0, new MessageHeaderEncoder())
                .minPosition(consistency.minPosition())
                .collectionId(collectionId)
                .groupId(SearchBatchEncoder.groupIdNullValue())
                .k(k)
                .dimension(dimension)
                .consistency(RequestEncoder.wire(consistency))
                .exact(exact ? BooleanType.TRUE : BooleanType.FALSE)
                .ef(0);
        int at = search.limit();
        buffer.putInt(at, queries.length * dimension * Float.BYTES, ByteOrder.LITTLE_ENDIAN);
        at += SearchBatchEncoder.vectorsHeaderLength();
        for (float[] query : queries) {
            for (float component : query) {
                buffer.putFloat(at, component, ByteOrder.LITTLE_ENDIAN);
                at += Float.BYTES;
            }
        }
        return at;
    }

    static int rename(MutableDirectBuffer buffer, int collectionId, String name) {
        RenameCollectionEncoder rename = new RenameCollectionEncoder();
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        rename.wrapAndApplyHeader(buffer, 0, new MessageHeaderEncoder())
                .collectionId(collectionId)
                .putName(bytes, 0, bytes.length);
        return rename.limit();
    }

    static int changes(MutableDirectBuffer buffer, int groupId, long fromIndex, int maxBytes) {
        ReadChangesEncoder changes = new ReadChangesEncoder();
        changes.wrapAndApplyHeader(buffer, 0, new MessageHeaderEncoder())
                .groupId(groupId)
                .fromIndex(fromIndex)
                .maxBytes(maxBytes);
        return changes.limit();
    }
}
