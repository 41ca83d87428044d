package io.grape.client;

import io.grape.client.session.ReplyHandler;
import io.grape.codecs.GrapeException;
import io.grape.codecs.HotPath;
import io.grape.codecs.sbe.BooleanType;
import io.grape.codecs.sbe.ErrorCode;
import io.grape.codecs.sbe.GetReplyDecoder;
import io.grape.codecs.sbe.MessageHeaderDecoder;
import io.grape.codecs.sbe.SearchReplyDecoder;
import io.grape.codecs.sbe.WriteReplyDecoder;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.ManyToManyConcurrentArrayQueue;
import org.jspecify.annotations.Nullable;

/**
 * Carries one request's callback to its outcome, and is used again for the next: exactly one of the three is set.
 *
 * <p>It is given back before the callback is called, so that the callback may begin the next request with it.
 */
final class CallbackReply implements ReplyHandler {
    private final ManyToManyConcurrentArrayQueue<CallbackReply> spare;
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final WriteReplyDecoder writeReply = new WriteReplyDecoder();
    private final HitCursor hits = new HitCursor();
    private final PointCursor points = new PointCursor();
    private @Nullable WriteCallback write;
    private @Nullable SearchCallback search;
    private @Nullable GetCallback get;

    CallbackReply(ManyToManyConcurrentArrayQueue<CallbackReply> spare) {
        this.spare = spare;
    }

    CallbackReply forWrite(WriteCallback callback) {
        write = callback;
        return this;
    }

    CallbackReply forSearch(SearchCallback callback) {
        search = callback;
        return this;
    }

    CallbackReply forGet(GetCallback callback) {
        get = callback;
        return this;
    }

    /** Forgets its callback and is free again. */
    void giveBack() {
        write = null;
        search = null;
        get = null;
        spare.offer(this);
    }

    @Override
    @HotPath
    public void onReply(int templateId, DirectBuffer buffer, int offset, int length) {
        WriteCallback forWrite = write;
        SearchCallback forSearch = search;
        GetCallback forGet = get;
        if (forWrite != null && templateId == WriteReplyDecoder.TEMPLATE_ID) {
            writeReply.wrapAndApplyHeader(buffer, offset, header);
            int groupId = writeReply.groupId();
            long index = writeReply.index();
            int changed = writeReply.changed();
            boolean isDuplicate = writeReply.duplicate() == BooleanType.TRUE;
            giveBack();
            forWrite.onWritten(groupId, index, changed, isDuplicate);
        } else if (forSearch != null && templateId == SearchReplyDecoder.TEMPLATE_ID) {
            try {
                forSearch.onHits(hits.wrap(buffer, offset));
            } finally {
                giveBack();
            }
        } else if (forGet != null && templateId == GetReplyDecoder.TEMPLATE_ID) {
            try {
                forGet.onPoints(points.wrap(buffer, offset));
            } finally {
                giveBack();
            }
        } else {
            onError(ErrorCode.INTERNAL, unexpected(templateId));
        }
    }

    @Override
    public void onPart(int groupId, long index) {
        WriteCallback forWrite = write;
        if (forWrite != null) {
            forWrite.onPart(groupId, index);
        }
    }

    private static String unexpected(int templateId) {
        return "A reply of template " + templateId + " does not answer this request.";
    }

    @Override
    public void onError(ErrorCode code, String text) {
        WriteCallback forWrite = write;
        SearchCallback forSearch = search;
        GetCallback forGet = get;
        giveBack();
        if (forWrite != null) {
            forWrite.onError(code, text);
        } else if (forSearch != null) {
            forSearch.onError(code, text);
        } else if (forGet != null) {
            forGet.onError(code, text);
        } else {
            throw new GrapeException(ErrorCode.INTERNAL, "An outcome came for no request: " + text);
        }
    }
}
