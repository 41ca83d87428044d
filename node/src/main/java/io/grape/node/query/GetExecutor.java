package io.grape.node.query;

import io.grape.codecs.HotPath;
import io.grape.codecs.sbe.BooleanType;
import io.grape.codecs.sbe.Consistency;
import io.grape.codecs.sbe.ErrorCode;
import io.grape.codecs.sbe.GetDecoder;
import io.grape.codecs.sbe.GetReplyEncoder;
import io.grape.codecs.sbe.MessageHeaderDecoder;
import io.grape.codecs.sbe.MessageHeaderEncoder;
import io.grape.codecs.sbe.PointIdDecoder;
import io.grape.node.groups.HostedGroup;
import io.grape.node.session.ReplyPublisher;
import io.grape.node.state.Collection;
import io.grape.node.state.CollectionStore;
import io.grape.node.state.StoreReader;
import io.grape.vectors.model.Reason;
import io.grape.vectors.model.VectorsException;
import org.agrona.DirectBuffer;
import org.agrona.ExpandableDirectByteBuffer;
import org.agrona.collections.Long2ObjectHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Answers {@code Get}. A reply that would be longer than a message may be is refused as a whole: the client asks for
 * fewer points. Thread: the query agent's. Allocates on the first get of a collection only.
 */
final class GetExecutor {
    private static final long ABSENT = -1;

    private final QueryContext context;
    private final ReplyPublisher replies;
    private final Long2ObjectHashMap<Opened> readers = new Long2ObjectHashMap<>();
    private final ExpandableDirectByteBuffer reply = new ExpandableDirectByteBuffer(4096);
    private final ExpandableDirectByteBuffer vectors = new ExpandableDirectByteBuffer(4096);
    private final ExpandableDirectByteBuffer payloads = new ExpandableDirectByteBuffer(4096);
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final MessageHeaderEncoder replyHeader = new MessageHeaderEncoder();
    private final GetDecoder request = new GetDecoder();
    private final GetReplyEncoder found = new GetReplyEncoder();

    private HostedGroup group;
    private int vectorsLength;
    private int payloadsLength;

    GetExecutor(QueryContext context, ReplyPublisher replies) {
        this.context = context;
        this.replies = replies;
        this.group = context.groups().metadata();
    }

    /** A collection has a store in each group. */
    @HotPath
    private long key(Collection collection) {
        return (long) group.groupId() << Integer.SIZE | collection.id();
    }

    @HotPath
    void execute(HostedGroup answering, DirectBuffer message, int offset) {
        group = answering;
        request.wrapAndApplyHeader(message, offset, header);
        try {
            answer();
        } catch (VectorsException ex) {
            onClosed(ex);
        }
    }

    /** The collection was dropped, or its store gave way to an installed snapshot, after it was looked up. */
    private void onClosed(VectorsException closed) {
        if (closed.reason() != Reason.STORE_CLOSED) {
            throw closed;
        }
        boolean lives = group.state().catalog().byId(request.collectionId()) != null;
        replies.refused(
                request.sessionId(),
                request.correlationId(),
                lives ? ErrorCode.BACK_PRESSURE : ErrorCode.UNKNOWN_COLLECTION);
    }

    @HotPath
    private void answer() {
        long sessionId = request.sessionId();
        long correlationId = request.correlationId();
        Collection collection = group.state().catalog().byId(request.collectionId());
        if (collection == null) {
            replies.refused(sessionId, correlationId, ErrorCode.UNKNOWN_COLLECTION);
            return;
        }
        boolean withVectors = request.withVectors() == BooleanType.TRUE;
        GetDecoder.PointsDecoder points = request.points();
        int count = points.count();
        if (count == 0 || count > context.limits().maxBatchPoints()) {
            replies.refused(sessionId, correlationId, count == 0 ? ErrorCode.EMPTY_BATCH : ErrorCode.BATCH_TOO_LARGE);
            return;
        }
        long index = group.appliedIndex().getAsLong();
        GetReplyEncoder.PointsEncoder each = found.wrapAndApplyHeader(reply, 0, replyHeader)
                .sessionId(sessionId)
                .correlationId(correlationId)
                .groupId(group.groupId())
                .index(index)
                .dimension(withVectors ? collection.dimension() : 0)
                .pointsCount(count);
        vectorsLength = 0;
        payloadsLength = 0;
        StoreReader reader = reader(collection);
        while (points.hasNext()) {
            PointIdDecoder id = points.next().id();
            // Before and after: the shard may come or go while the point is looked up.
            ErrorCode code = judge(collection, id.most(), id.least());
            if (code == ErrorCode.OK) {
                put(each.next(), reader, id.most(), id.least(), withVectors, collection.dimension());
                code = judge(collection, id.most(), id.least());
            }
            if (code != ErrorCode.OK) {
                replies.refused(sessionId, correlationId, code);
                return;
            }
            if (vectorsLength + payloadsLength > context.maxReplyLength()) {
                replies.refused(sessionId, correlationId, ErrorCode.BATCH_TOO_LARGE);
                return;
            }
        }
        found.putVectors(vectors, 0, vectorsLength).putPayloads(payloads, 0, payloadsLength);
        int length = MessageHeaderEncoder.ENCODED_LENGTH + found.encodedLength();
        if (length > context.maxReplyLength()) {
            replies.refused(sessionId, correlationId, ErrorCode.BATCH_TOO_LARGE);
        } else {
            replies.send(sessionId, reply, length);
        }
    }

    /** A sealed shard may have another owner already, of which this group knows nothing: it cannot tell what is newest. */
    @HotPath
    private ErrorCode judge(Collection collection, long most, long least) {
        ErrorCode code = group.state().commands().judge(collection.id(), most, least);
        boolean mayBeOld = request.consistency() != Consistency.LINEARIZABLE;
        return code == ErrorCode.MIGRATING && mayBeOld ? ErrorCode.OK : code;
    }

    @HotPath
    private void put(
            GetReplyEncoder.PointsEncoder point,
            StoreReader reader,
            long most,
            long least,
            boolean withVectors,
            int dimension) {
        point.id().most(most).least(least);
        if (!reader.get(most, least)) {
            point.version(ABSENT).payloadLength(0);
            return;
        }
        int payloadLength = 0;
        if (withVectors) {
            vectors.putBytes(vectorsLength, reader.vector(), 0, dimension * Float.BYTES);
            vectorsLength += dimension * Float.BYTES;
            payloadLength = reader.payloadLength();
            payloads.putBytes(payloadsLength, reader.payload(), 0, payloadLength);
            payloadsLength += payloadLength;
        }
        point.version(reader.version()).payloadLength(payloadLength);
    }

    /** The store may be another one than last time: an installed snapshot brings its own. */
    private record Opened(CollectionStore store, StoreReader reader) {}

    @HotPath
    @SuppressWarnings("ReferenceEquality") // the same store, or its successor
    private StoreReader reader(Collection collection) {
        Opened opened = readers.get(key(collection));
        return opened != null && opened.store() == collection.store() ? opened.reader() : addReader(collection, opened);
    }

    private StoreReader addReader(Collection collection, @Nullable Opened replaced) {
        if (replaced != null) {
            replaced.reader().close();
        }
        StoreReader reader = collection.store().newReader();
        readers.put(key(collection), new Opened(collection.store(), reader));
        return reader;
    }
}
