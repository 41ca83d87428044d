package io.grape.node.query;

import io.grape.codecs.sbe.BooleanType;
import io.grape.codecs.sbe.CountDecoder;
import io.grape.codecs.sbe.CountReplyEncoder;
import io.grape.codecs.sbe.ErrorCode;
import io.grape.codecs.sbe.GetReplyEncoder;
import io.grape.codecs.sbe.MessageHeaderDecoder;
import io.grape.codecs.sbe.MessageHeaderEncoder;
import io.grape.codecs.sbe.ScrollDecoder;
import io.grape.node.groups.HostedGroup;
import io.grape.node.session.ReplyPublisher;
import io.grape.node.state.Collection;
import io.grape.node.state.CollectionStore;
import io.grape.node.state.StoreScanner;
import io.grape.vectors.model.Reason;
import io.grape.vectors.model.VectorsException;
import org.agrona.DirectBuffer;
import org.agrona.ExpandableDirectByteBuffer;
import org.agrona.collections.Long2ObjectHashMap;

/**
 * Answers {@code Count} and {@code Scroll}. A page that would be longer than a message may be is cut short, and the next one goes
 * on behind it. Thread: the query agent's.
 */
final class ScanExecutor {
    private static final long NEWEST = -1;
    private static final int NO_MORE = 0;
    private static final int MORE = 1;
    private static final int POINT_BYTES = GetReplyEncoder.PointsEncoder.sbeBlockLength();
    private static final int FIXED_BYTES = 256;

    private final QueryContext context;
    private final ReplyPublisher replies;
    private final Long2ObjectHashMap<Opened> scanners = new Long2ObjectHashMap<>();
    private final ExpandableDirectByteBuffer reply = new ExpandableDirectByteBuffer(4096);
    private final ExpandableDirectByteBuffer vectors = new ExpandableDirectByteBuffer(4096);
    private final ExpandableDirectByteBuffer payloads = new ExpandableDirectByteBuffer(4096);
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final MessageHeaderEncoder replyHeader = new MessageHeaderEncoder();
    private final CountDecoder count = new CountDecoder();
    private final CountReplyEncoder counted = new CountReplyEncoder();
    private final ScrollDecoder scroll = new ScrollDecoder();
    private final GetReplyEncoder page = new GetReplyEncoder();

    ScanExecutor(QueryContext context, ReplyPublisher replies) {
        this.context = context;
        this.replies = replies;
    }

    void count(HostedGroup group, DirectBuffer message, int offset) {
        count.wrapAndApplyHeader(message, offset, header);
        Collection collection = group.state().catalog().byId(count.collectionId());
        if (collection == null) {
            replies.refused(count.sessionId(), count.correlationId(), ErrorCode.UNKNOWN_COLLECTION);
            return;
        }
        long index = group.appliedIndex().getAsLong();
        counted.wrapAndApplyHeader(reply, 0, replyHeader)
                .sessionId(count.sessionId())
                .correlationId(count.correlationId())
                .groupId(group.groupId())
                .index(index)
                .points(collection.store().size());
        replies.send(count.sessionId(), reply, MessageHeaderEncoder.ENCODED_LENGTH + counted.encodedLength());
    }

    void scroll(HostedGroup group, DirectBuffer message, int offset) {
        scroll.wrapAndApplyHeader(message, offset, header);
        ErrorCode code = ErrorCode.OK;
        try {
            code = answer(group);
        } catch (VectorsException closed) {
            if (closed.reason() != Reason.STORE_CLOSED) {
                throw closed;
            }
            boolean lives = group.state().catalog().byId(scroll.collectionId()) != null;
            code = lives ? ErrorCode.BACK_PRESSURE : ErrorCode.UNKNOWN_COLLECTION;
        }
        if (code != ErrorCode.OK) {
            replies.refused(scroll.sessionId(), scroll.correlationId(), code);
        }
    }

    private ErrorCode answer(HostedGroup group) {
        Collection collection = group.state().catalog().byId(scroll.collectionId());
        if (collection == null) {
            return ErrorCode.UNKNOWN_COLLECTION;
        }
        int limit = scroll.pageSize();
        if (limit < 1 || limit > context.limits().maxBatchPoints()) {
            return limit < 1 ? ErrorCode.EMPTY_BATCH : ErrorCode.BATCH_TOO_LARGE;
        }
        if (scroll.moment() < NEWEST) {
            return ErrorCode.MALFORMED_MESSAGE;
        }
        long index = group.appliedIndex().getAsLong();
        boolean fromStart = scroll.fromStart() == BooleanType.TRUE;
        long afterMost = scroll.after().most();
        long afterLeast = scroll.after().least();
        StoreScanner scanner = scanner(group.groupId(), collection);
        try {
            int found = scanner.scan(fromStart, afterMost, afterLeast, limit, scroll.moment());
            return found == StoreScanner.NOT_REACHED
                    ? ErrorCode.POSITION_NOT_REACHED
                    : send(group.groupId(), index, collection.dimension(), scanner, found);
        } finally {
            scanner.finish();
        }
    }

    private ErrorCode send(int groupId, long index, int dimension, StoreScanner scanner, int found) {
        boolean withVectors = scroll.withVectors() == BooleanType.TRUE;
        int fitting = fitting(scanner, found, withVectors ? dimension * Float.BYTES : 0, withVectors);
        if (fitting == 0 && found > 0) {
            return ErrorCode.BATCH_TOO_LARGE;
        }
        GetReplyEncoder.PointsEncoder points = page.wrapAndApplyHeader(reply, 0, replyHeader)
                .sessionId(scroll.sessionId())
                .correlationId(scroll.correlationId())
                .groupId(groupId)
                .index(index)
                .dimension(withVectors ? dimension : 0)
                .moment(scanner.moment())
                .more(fitting < found || scanner.hasMore() ? MORE : NO_MORE)
                .pointsCount(fitting);
        int vectorsLength = 0;
        int payloadsLength = 0;
        for (int i = 0; i < fitting; i++) {
            int payloadLength = withVectors ? scanner.payloadLength(i) : 0;
            GetReplyEncoder.PointsEncoder point = points.next();
            point.id().most(scanner.idMost(i)).least(scanner.idLeast(i));
            point.version(scanner.version(i)).payloadLength(payloadLength);
            if (withVectors) {
                vectors.putBytes(vectorsLength, scanner.vector(i), 0, dimension * Float.BYTES);
                vectorsLength += dimension * Float.BYTES;
                payloads.putBytes(payloadsLength, scanner.payload(i), 0, payloadLength);
                payloadsLength += payloadLength;
            }
        }
        page.putVectors(vectors, 0, vectorsLength).putPayloads(payloads, 0, payloadsLength);
        replies.send(scroll.sessionId(), reply, MessageHeaderEncoder.ENCODED_LENGTH + page.encodedLength());
        return ErrorCode.OK;
    }

    /** Returns how many of the found points one message has room for. */
    private int fitting(StoreScanner scanner, int found, int vectorBytes, boolean withPayloads) {
        long bytes = FIXED_BYTES;
        for (int i = 0; i < found; i++) {
            bytes += POINT_BYTES + vectorBytes + (withPayloads ? scanner.payloadLength(i) : 0);
            if (bytes > context.maxReplyLength()) {
                return i;
            }
        }
        return found;
    }

    /** The store may be another one than last time: an installed snapshot brings its own. */
    private record Opened(CollectionStore store, StoreScanner scanner) {}

    @SuppressWarnings("ReferenceEquality") // the same store, or its successor
    private StoreScanner scanner(int groupId, Collection collection) {
        long key = (long) groupId << Integer.SIZE | collection.id();
        Opened opened = scanners.get(key);
        if (opened != null && opened.store() == collection.store()) {
            return opened.scanner();
        }
        if (opened != null) {
            opened.scanner().close();
        }
        StoreScanner scanner = collection.store().newScanner();
        scanners.put(key, new Opened(collection.store(), scanner));
        return scanner;
    }
}
