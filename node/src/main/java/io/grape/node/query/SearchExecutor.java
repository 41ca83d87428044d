package io.grape.node.query;

import io.grape.codecs.HotPath;
import io.grape.codecs.sbe.BooleanType;
import io.grape.codecs.sbe.Consistency;
import io.grape.codecs.sbe.ErrorCode;
import io.grape.codecs.sbe.MessageHeaderDecoder;
import io.grape.codecs.sbe.MessageHeaderEncoder;
import io.grape.codecs.sbe.SearchDecoder;
import io.grape.codecs.sbe.SearchReplyEncoder;
import io.grape.node.groups.HostedGroup;
import io.grape.node.groups.OwnedShards;
import io.grape.node.session.ReplyPublisher;
import io.grape.node.state.Collection;
import io.grape.node.state.CollectionStore;
import io.grape.node.state.Shapes;
import io.grape.node.state.StoreSearcher;
import io.grape.shards.ShardCover;
import io.grape.vectors.model.Reason;
import io.grape.vectors.model.VectorCheck;
import io.grape.vectors.model.VectorsException;
import org.agrona.DirectBuffer;
import org.agrona.ExpandableDirectByteBuffer;
import org.agrona.collections.Long2ObjectHashMap;
import org.jspecify.annotations.Nullable;

/** Answers {@code Search}. Thread: the query agent's. Allocates on the first search of a collection only. */
final class SearchExecutor {
    private final QueryContext context;
    private final ReplyPublisher replies;
    private final Long2ObjectHashMap<Opened> searchers = new Long2ObjectHashMap<>();
    private final ExpandableDirectByteBuffer reply = new ExpandableDirectByteBuffer(4096);
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final MessageHeaderEncoder replyHeader = new MessageHeaderEncoder();
    private final SearchDecoder request = new SearchDecoder();
    private final SearchWishes wishes = new SearchWishes();
    private final SearchReplyEncoder hits = new SearchReplyEncoder();
    private HostedGroup group;

    SearchExecutor(QueryContext context, ReplyPublisher replies) {
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
            answer(message);
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
    private void answer(DirectBuffer message) {
        long sessionId = request.sessionId();
        long correlationId = request.correlationId();
        Collection collection = group.state().catalog().byId(request.collectionId());
        int vectorLength = request.vectorLength();
        int vectorOffset = request.limit() + SearchDecoder.vectorHeaderLength();
        ErrorCode code = check(collection, message, vectorOffset, vectorLength);
        if (code == ErrorCode.OK) {
            request.limit(vectorOffset + vectorLength);
            code = wishes.read(request, message);
        }
        if (code != ErrorCode.OK || collection == null) {
            replies.refused(sessionId, correlationId, code);
            return;
        }
        long index = group.appliedIndex().getAsLong();
        StoreSearcher searcher = searcher(collection);
        long before = coverVersion();
        ShardCover covered = cover();
        searcher.search(message, vectorOffset, request.k(), wishes.parameters());
        // A shard that came or went meanwhile may be in the hits or not; nor can a sealed one be said to be the newest.
        if (before != coverVersion() || OwnedShards.isChanging(before) || (isLinearizable() && hasSealed())) {
            replies.refused(sessionId, correlationId, ErrorCode.MIGRATING);
            return;
        }
        send(sessionId, correlationId, index, searcher, covered);
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

    /** The store may be another one than last time: an installed snapshot brings its own. */
    private record Opened(CollectionStore store, StoreSearcher searcher) {}

    @HotPath
    @SuppressWarnings("ReferenceEquality") // the same store, or its successor
    private StoreSearcher searcher(Collection collection) {
        Opened opened = searchers.get(key(collection));
        return opened != null && opened.store() == collection.store()
                ? opened.searcher()
                : addSearcher(collection, opened);
    }

    private StoreSearcher addSearcher(Collection collection, @Nullable Opened replaced) {
        if (replaced != null) {
            replaced.searcher().close();
        }
        StoreSearcher searcher = collection.store().newSearcher();
        searchers.put(key(collection), new Opened(collection.store(), searcher));
        return searcher;
    }

    @HotPath
    private ShardCover cover() {
        return group.state().commands() instanceof OwnedShards owned ? owned.cover() : ShardCover.NONE;
    }

    @HotPath
    private long coverVersion() {
        return group.state().commands() instanceof OwnedShards owned ? owned.coverVersion() : 0;
    }

    @HotPath
    private boolean isLinearizable() {
        return request.consistency() == Consistency.LINEARIZABLE;
    }

    @HotPath
    private boolean hasSealed() {
        return group.state().commands() instanceof OwnedShards owned && owned.hasSealed();
    }

    @HotPath
    private void send(long sessionId, long correlationId, long index, StoreSearcher searcher, ShardCover covered) {
        int count = searcher.count();
        SearchReplyEncoder.HitsEncoder each = hits.wrapAndApplyHeader(reply, 0, replyHeader)
                .sessionId(sessionId)
                .correlationId(correlationId)
                .groupId(group.groupId())
                .index(index)
                .tableEpoch(context.groups().router().table().epoch())
                .shardCount(covered.count())
                .shardsHash(covered.hash())
                .scanned(searcher.scanned())
                .exact(searcher.exact() ? BooleanType.TRUE : BooleanType.FALSE)
                .ef(searcher.beam())
                .hitsCount(count);
        for (int i = 0; i < count; i++) {
            SearchReplyEncoder.HitsEncoder hit = each.next();
            hit.id().most(searcher.idMost(i)).least(searcher.idLeast(i));
            hit.score(searcher.score(i)).version(searcher.version(i));
        }
        replies.send(sessionId, reply, MessageHeaderEncoder.ENCODED_LENGTH + hits.encodedLength());
    }
}
