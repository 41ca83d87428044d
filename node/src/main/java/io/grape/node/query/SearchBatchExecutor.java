package io.grape.node.query;

import io.grape.codecs.sbe.BooleanType;
import io.grape.codecs.sbe.ErrorCode;
import io.grape.codecs.sbe.MessageHeaderDecoder;
import io.grape.codecs.sbe.MessageHeaderEncoder;
import io.grape.codecs.sbe.SearchBatchDecoder;
import io.grape.codecs.sbe.SearchBatchReplyEncoder;
import io.grape.node.config.NodeLimits;
import io.grape.node.groups.HostedGroup;
import io.grape.node.session.ReplyPublisher;
import io.grape.node.state.Collection;
import io.grape.node.state.CollectionStore;
import io.grape.node.state.Shapes;
import io.grape.node.state.StoreSearcher;
import io.grape.vectors.model.Reason;
import io.grape.vectors.model.VectorCheck;
import io.grape.vectors.model.VectorsException;
import io.grape.vectors.query.SearchParameters;
import org.agrona.DirectBuffer;
import org.agrona.ExpandableDirectByteBuffer;
import org.agrona.collections.Long2ObjectHashMap;
import org.jspecify.annotations.Nullable;

/** Answers {@code SearchBatch}: one search after the other, all answers in one message. Thread: the query agent's. */
final class SearchBatchExecutor {
    private static final int MOST_HITS = 65_534;
    private static final int HIT_BYTES = SearchBatchReplyEncoder.HitsEncoder.sbeBlockLength();
    private static final int QUERY_BYTES = SearchBatchReplyEncoder.QueriesEncoder.sbeBlockLength();
    private static final int FIXED_BYTES = 256;

    private final QueryContext context;
    private final ReplyPublisher replies;
    private final Long2ObjectHashMap<Opened> searchers = new Long2ObjectHashMap<>();
    private final ExpandableDirectByteBuffer reply = new ExpandableDirectByteBuffer(4096);
    private final ExpandableDirectByteBuffer found = new ExpandableDirectByteBuffer(4096);
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final MessageHeaderEncoder replyHeader = new MessageHeaderEncoder();
    private final SearchBatchDecoder request = new SearchBatchDecoder();
    private final SearchBatchReplyEncoder answer = new SearchBatchReplyEncoder();
    private int[] hitCounts = {};
    private long[] scanned = {};
    private boolean[] exact = {};
    private int[] beams = {};
    private final SearchParameters parameters = new SearchParameters();

    SearchBatchExecutor(QueryContext context, ReplyPublisher replies) {
        this.context = context;
        this.replies = replies;
    }

    void execute(HostedGroup group, DirectBuffer message, int offset) {
        request.wrapAndApplyHeader(message, offset, header);
        Collection collection = group.state().catalog().byId(request.collectionId());
        int length = request.vectorsLength();
        int vectors = request.limit() + SearchBatchDecoder.vectorsHeaderLength();
        ErrorCode code = check(collection, message, vectors, length);
        if (code == ErrorCode.OK && collection != null) {
            try {
                long index = group.appliedIndex().getAsLong();
                int queries = length / (collection.dimension() * Float.BYTES);
                int hits = search(group.groupId(), collection, message, vectors, queries);
                send(group.groupId(), index, queries, hits);
            } catch (VectorsException closed) {
                if (closed.reason() != Reason.STORE_CLOSED) {
                    throw closed;
                }
                boolean lives = group.state().catalog().byId(request.collectionId()) != null;
                code = lives ? ErrorCode.BACK_PRESSURE : ErrorCode.UNKNOWN_COLLECTION;
            }
        }
        if (code != ErrorCode.OK) {
            replies.refused(request.sessionId(), request.correlationId(), code);
        }
    }

    private ErrorCode check(@Nullable Collection collection, DirectBuffer message, int vectors, int length) {
        if (collection == null) {
            return ErrorCode.UNKNOWN_COLLECTION;
        }
        int k = request.k();
        if (k < 1 || k > context.limits().maxK()) {
            return ErrorCode.INVALID_K;
        }
        if (request.ef() < 0 || request.ef() > NodeLimits.MAX_EF) {
            return ErrorCode.INVALID_EF;
        }
        int rowBytes = collection.dimension() * Float.BYTES;
        if (request.dimension() != collection.dimension() || length % rowBytes != 0) {
            return ErrorCode.DIMENSION_MISMATCH;
        }
        int queries = length / rowBytes;
        long hits = (long) queries * k;
        if (queries == 0) {
            return ErrorCode.EMPTY_BATCH;
        }
        if (queries > context.limits().maxBatchPoints()
                || hits > MOST_HITS
                || FIXED_BYTES + (long) queries * QUERY_BYTES + hits * HIT_BYTES > context.maxReplyLength()) {
            return ErrorCode.BATCH_TOO_LARGE;
        }
        for (int i = 0; i < queries; i++) {
            VectorCheck.Verdict verdict = VectorCheck.check(
                    message, vectors + i * rowBytes, collection.dimension(), Shapes.metric(collection.metric()));
            if (verdict != VectorCheck.Verdict.OK) {
                return Shapes.refusal(verdict);
            }
        }
        return ErrorCode.OK;
    }

    /** Searches, and leaves id, score and version of each hit in {@link #found}; returns the number of hits. */
    private int search(int groupId, Collection collection, DirectBuffer message, int vectors, int queries) {
        StoreSearcher searcher = searcher(groupId, collection);
        if (hitCounts.length < queries) {
            hitCounts = new int[queries];
            scanned = new long[queries];
            exact = new boolean[queries];
            beams = new int[queries];
        }
        parameters.reset();
        parameters.beam(request.ef()).exact(request.exact() == BooleanType.TRUE);
        int hits = 0;
        for (int i = 0; i < queries; i++) {
            int count = searcher.search(
                    message, vectors + i * collection.dimension() * Float.BYTES, request.k(), parameters);
            hitCounts[i] = count;
            scanned[i] = searcher.scanned();
            exact[i] = searcher.exact();
            beams[i] = searcher.beam();
            for (int hit = 0; hit < count; hit++) {
                int at = (hits + hit) * 4 * Long.BYTES;
                found.putLong(at, searcher.idMost(hit));
                found.putLong(at + Long.BYTES, searcher.idLeast(hit));
                found.putLong(at + 2 * Long.BYTES, searcher.version(hit));
                found.putFloat(at + 3 * Long.BYTES, searcher.score(hit));
            }
            hits += count;
        }
        return hits;
    }

    private void send(int groupId, long index, int queries, int hits) {
        answer.wrapAndApplyHeader(reply, 0, replyHeader)
                .sessionId(request.sessionId())
                .correlationId(request.correlationId())
                .groupId(groupId)
                .index(index);
        SearchBatchReplyEncoder.QueriesEncoder each = answer.queriesCount(queries);
        for (int i = 0; i < queries; i++) {
            each.next()
                    .hitCount(hitCounts[i])
                    .scanned(scanned[i])
                    .exact(exact[i] ? 1 : 0)
                    .ef(beams[i]);
        }
        SearchBatchReplyEncoder.HitsEncoder hit = answer.hitsCount(hits);
        for (int i = 0; i < hits; i++) {
            int at = i * 4 * Long.BYTES;
            hit.next().id().most(found.getLong(at)).least(found.getLong(at + Long.BYTES));
            hit.score(found.getFloat(at + 3 * Long.BYTES)).version(found.getLong(at + 2 * Long.BYTES));
        }
        replies.send(request.sessionId(), reply, MessageHeaderEncoder.ENCODED_LENGTH + answer.encodedLength());
    }

    /** The store may be another one than last time: an installed snapshot brings its own. */
    private record Opened(CollectionStore store, StoreSearcher searcher) {}

    @SuppressWarnings("ReferenceEquality") // the same store, or its successor
    private StoreSearcher searcher(int groupId, Collection collection) {
        long key = (long) groupId << Integer.SIZE | collection.id();
        Opened opened = searchers.get(key);
        if (opened != null && opened.store() == collection.store()) {
            return opened.searcher();
        }
        if (opened != null) {
            opened.searcher().close();
        }
        StoreSearcher searcher = collection.store().newSearcher();
        searchers.put(key, new Opened(collection.store(), searcher));
        return searcher;
    }
}
