package io.grape.node.query;

import io.grape.codecs.HotPath;
import io.grape.codecs.sbe.ErrorCode;
import io.grape.codecs.sbe.MessageHeaderDecoder;
import io.grape.codecs.sbe.MessageHeaderEncoder;
import io.grape.codecs.sbe.SearchDecoder;
import io.grape.codecs.sbe.SearchReplyEncoder;
import io.grape.node.session.ReplyPublisher;
import io.grape.node.state.Collection;
import io.grape.node.state.Shapes;
import io.grape.node.state.StoreSearcher;
import io.grape.vectors.model.VectorCheck;
import org.agrona.DirectBuffer;
import org.agrona.ExpandableDirectByteBuffer;
import org.agrona.collections.Int2ObjectHashMap;
import org.jspecify.annotations.Nullable;

/** Answers {@code Search}. Thread: the query agent's. Allocates on the first search of a collection only. */
final class SearchExecutor {
    private final QueryContext context;
    private final ReplyPublisher replies;
    private final Int2ObjectHashMap<StoreSearcher> searchers = new Int2ObjectHashMap<>();
    private final ExpandableDirectByteBuffer reply = new ExpandableDirectByteBuffer(4096);
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final MessageHeaderEncoder replyHeader = new MessageHeaderEncoder();
    private final SearchDecoder request = new SearchDecoder();
    private final SearchReplyEncoder hits = new SearchReplyEncoder();

    SearchExecutor(QueryContext context, ReplyPublisher replies) {
        this.context = context;
        this.replies = replies;
    }

    @HotPath
    void execute(DirectBuffer message, int offset) {
        request.wrapAndApplyHeader(message, offset, header);
        long sessionId = request.sessionId();
        long correlationId = request.correlationId();
        Collection collection = context.state().catalog().byId(request.collectionId());
        int vectorLength = request.vectorLength();
        int vectorOffset = request.limit() + SearchDecoder.vectorHeaderLength();
        ErrorCode code = check(collection, message, vectorOffset, vectorLength);
        if (code != ErrorCode.OK || collection == null) {
            replies.refused(sessionId, correlationId, code);
            return;
        }
        long index = context.appliedIndex().getAsLong();
        StoreSearcher searcher = searcher(collection);
        searcher.search(message, vectorOffset, request.k());
        send(sessionId, correlationId, index, searcher);
    }

    @HotPath
    private ErrorCode check(@Nullable Collection collection, DirectBuffer message, int vectorOffset, int vectorLength) {
        if (collection == null) {
            return ErrorCode.UNKNOWN_COLLECTION;
        }
        if (request.k() < 1 || request.k() > context.limits().maxK()) {
            return ErrorCode.INVALID_K;
        }
        if (vectorLength != collection.dimension() * Float.BYTES) {
            return ErrorCode.DIMENSION_MISMATCH;
        }
        VectorCheck.Verdict verdict =
                VectorCheck.check(message, vectorOffset, collection.dimension(), Shapes.metric(collection.metric()));
        return Shapes.refusal(verdict);
    }

    @HotPath
    private StoreSearcher searcher(Collection collection) {
        StoreSearcher searcher = searchers.get(collection.id());
        return searcher != null ? searcher : addSearcher(collection);
    }

    private StoreSearcher addSearcher(Collection collection) {
        StoreSearcher searcher = collection.store().newSearcher();
        searchers.put(collection.id(), searcher);
        return searcher;
    }

    @HotPath
    private void send(long sessionId, long correlationId, long index, StoreSearcher searcher) {
        int count = searcher.count();
        SearchReplyEncoder.HitsEncoder group = hits.wrapAndApplyHeader(reply, 0, replyHeader)
                .sessionId(sessionId)
                .correlationId(correlationId)
                .groupId(context.groupId())
                .index(index)
                .tableEpoch(context.router().table().epoch())
                .shardCount(context.router().table().shardCount())
                .scanned(searcher.scanned())
                .hitsCount(count);
        for (int i = 0; i < count; i++) {
            SearchReplyEncoder.HitsEncoder hit = group.next();
            hit.id().most(searcher.idMost(i)).least(searcher.idLeast(i));
            hit.score(searcher.score(i)).version(searcher.version(i));
        }
        replies.send(sessionId, reply, MessageHeaderEncoder.ENCODED_LENGTH + hits.encodedLength());
    }
}
