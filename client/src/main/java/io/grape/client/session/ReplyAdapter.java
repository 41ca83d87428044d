package io.grape.client.session;

import io.grape.codecs.FrameCheck;
import io.grape.codecs.HotPath;
import io.grape.codecs.sbe.CollectionsReplyDecoder;
import io.grape.codecs.sbe.ErrorCode;
import io.grape.codecs.sbe.ErrorReplyDecoder;
import io.grape.codecs.sbe.GetReplyDecoder;
import io.grape.codecs.sbe.MessageHeaderDecoder;
import io.grape.codecs.sbe.RouteReplyDecoder;
import io.grape.codecs.sbe.SearchReplyDecoder;
import io.grape.codecs.sbe.SessionEventDecoder;
import io.grape.codecs.sbe.StatusReplyDecoder;
import io.grape.codecs.sbe.WriteReplyDecoder;
import io.grape.shards.ShardTable;
import io.grape.shards.ShardTableCodec;
import io.grape.transport.MessageHandler;
import java.nio.ByteOrder;
import java.util.concurrent.atomic.AtomicLong;
import org.agrona.DirectBuffer;

/** Takes what nodes send, checks it, and hands it to the sessions or to the request that it answers. Polling thread. */
final class ReplyAdapter implements MessageHandler {
    private static final int SESSION_ID_OFFSET =
            MessageHeaderDecoder.ENCODED_LENGTH + WriteReplyDecoder.sessionIdEncodingOffset();
    private static final int CORRELATION_ID_OFFSET =
            MessageHeaderDecoder.ENCODED_LENGTH + WriteReplyDecoder.correlationIdEncodingOffset();

    /** The same in every reply that names the position it saw or made. */
    private static final int INDEX_OFFSET =
            MessageHeaderDecoder.ENCODED_LENGTH + WriteReplyDecoder.indexEncodingOffset();

    private static final int GROUP_ID_OFFSET =
            MessageHeaderDecoder.ENCODED_LENGTH + WriteReplyDecoder.groupIdEncodingOffset();

    private final Sessions sessions;
    private final Requests requests;
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final SessionEventDecoder sessionEvent = new SessionEventDecoder();
    private final ErrorReplyDecoder errorReply = new ErrorReplyDecoder();
    private final RouteReplyDecoder routeReply = new RouteReplyDecoder();
    private final StatusReplyDecoder statusReply = new StatusReplyDecoder();
    private long nowNs;
    private final AtomicLong malformedReplies = new AtomicLong();

    ReplyAdapter(Sessions sessions, Requests requests) {
        this.sessions = sessions;
        this.requests = requests;
    }

    void nowNs(long value) {
        nowNs = value;
    }

    @Override
    @HotPath
    public boolean onMessage(DirectBuffer buffer, int offset, int length, int aeronSessionId) {
        if (FrameCheck.check(buffer, offset, length) != ErrorCode.OK) {
            malformedReplies.getAndIncrement();
            return true;
        }
        header.wrap(buffer, offset);
        int templateId = header.templateId();
        switch (templateId) {
            case WriteReplyDecoder.TEMPLATE_ID,
                    SearchReplyDecoder.TEMPLATE_ID,
                    GetReplyDecoder.TEMPLATE_ID,
                    CollectionsReplyDecoder.TEMPLATE_ID -> {
                requests.onKnownIndex(
                        buffer.getInt(offset + GROUP_ID_OFFSET, ByteOrder.LITTLE_ENDIAN),
                        buffer.getLong(offset + INDEX_OFFSET, ByteOrder.LITTLE_ENDIAN));
                onReply(templateId, buffer, offset, length);
            }
            case RouteReplyDecoder.TEMPLATE_ID -> onRoutes(buffer, offset, length);
            case StatusReplyDecoder.TEMPLATE_ID -> onStatus(buffer, offset, length);
            case ErrorReplyDecoder.TEMPLATE_ID -> onError(buffer, offset);
            case SessionEventDecoder.TEMPLATE_ID -> {
                sessionEvent.wrapAndApplyHeader(buffer, offset, header);
                int groupId = sessionEvent.groupId();
                requests.onKnownIndex(
                        groupId == SessionEventDecoder.groupIdNullValue() ? Leaders.METADATA : groupId,
                        sessionEvent.commitIndex());
                sessions.onEvent(sessionEvent, nowNs);
            }
            default -> malformedReplies.getAndIncrement();
        }
        return true;
    }

    @HotPath
    private void onReply(int templateId, DirectBuffer buffer, int offset, int length) {
        sessions.onHeard(buffer.getLong(offset + SESSION_ID_OFFSET, ByteOrder.LITTLE_ENDIAN), nowNs);
        long correlationId = buffer.getLong(offset + CORRELATION_ID_OFFSET, ByteOrder.LITTLE_ENDIAN);
        requests.onReply(correlationId, templateId, buffer, offset, length);
    }

    private void onStatus(DirectBuffer buffer, int offset, int length) {
        statusReply.wrapAndApplyHeader(buffer, offset, header);
        requests.onKnownIndex(statusReply.groupId(), statusReply.appliedIndex());
        if (statusReply.groupId() == Leaders.METADATA) {
            sessions.onStatus(
                    statusReply.sessionId(),
                    statusReply.nodeId(),
                    statusReply.leaderNodeId(),
                    statusReply.term(),
                    nowNs);
        }
        if (statusReply.correlationId() != SessionMessages.PING_CORRELATION_ID) {
            onReply(StatusReplyDecoder.TEMPLATE_ID, buffer, offset, length);
        }
    }

    /** Who leads which group, and perhaps a newer table. */
    private void onRoutes(DirectBuffer buffer, int offset, int length) {
        routeReply.wrapAndApplyHeader(buffer, offset, header);
        sessions.onHeard(routeReply.sessionId(), nowNs);
        boolean isAsked = routeReply.correlationId() != SessionMessages.PING_CORRELATION_ID;
        for (RouteReplyDecoder.GroupsDecoder group : routeReply.groups()) {
            requests.onKnownIndex(group.groupId(), Math.max(0, group.commitIndex()));
            sessions.onLeaderWord(group.groupId(), group.leaderNodeId(), group.leaderTerm());
            group.skipMembers();
        }
        routeReply.sbeRewind();
        ShardTable table = ShardTableCodec.decode(routeReply);
        if (table != null) {
            sessions.onTable(table);
        }
        if (isAsked) {
            onReply(RouteReplyDecoder.TEMPLATE_ID, buffer, offset, length);
        }
    }

    private void onError(DirectBuffer buffer, int offset) {
        errorReply.wrapAndApplyHeader(buffer, offset, header);
        sessions.onHeard(errorReply.sessionId(), nowNs);
        requests.onRefusal(
                new Refusal(
                        errorReply.sessionId(),
                        errorReply.correlationId(),
                        errorReply.code(),
                        errorReply.retryAfterMs(),
                        errorReply.leaderNodeId(),
                        errorReply.text()),
                nowNs);
    }

    /** Returns how many messages could not be read; any thread. */
    long malformedReplies() {
        return malformedReplies.get();
    }
}
