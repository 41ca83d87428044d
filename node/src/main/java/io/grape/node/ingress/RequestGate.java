package io.grape.node.ingress;

import io.grape.codecs.HotPath;
import io.grape.codecs.sbe.Consistency;
import io.grape.codecs.sbe.CountDecoder;
import io.grape.codecs.sbe.CreateCollectionDecoder;
import io.grape.codecs.sbe.DeleteDecoder;
import io.grape.codecs.sbe.DropCollectionDecoder;
import io.grape.codecs.sbe.ErrorCode;
import io.grape.codecs.sbe.GetDecoder;
import io.grape.codecs.sbe.ListCollectionsDecoder;
import io.grape.codecs.sbe.MessageHeaderDecoder;
import io.grape.codecs.sbe.ReadChangesDecoder;
import io.grape.codecs.sbe.RenameCollectionDecoder;
import io.grape.codecs.sbe.RouteQueryDecoder;
import io.grape.codecs.sbe.ScrollDecoder;
import io.grape.codecs.sbe.SearchBatchDecoder;
import io.grape.codecs.sbe.SearchDecoder;
import io.grape.codecs.sbe.SessionCloseDecoder;
import io.grape.codecs.sbe.SessionConnectDecoder;
import io.grape.codecs.sbe.SessionKeepAliveDecoder;
import io.grape.codecs.sbe.StatusDecoder;
import io.grape.codecs.sbe.UpsertDecoder;
import io.grape.node.session.Refusals;
import io.grape.node.session.ReplyPublisher;
import io.grape.node.session.SessionManager;
import io.grape.node.state.StateMachine;
import io.grape.raft.pipeline.Freshness;
import io.grape.raft.pipeline.GroupStatus;
import io.grape.raft.pipeline.InboundRing;
import java.nio.ByteOrder;
import java.util.function.LongSupplier;
import org.agrona.DirectBuffer;

/**
 * Takes one checked frame from a client to where it belongs, or answers why not. Thread: the inbound agent's.
 *
 * <p>Every request begins with session and correlation id at the same offsets (a test compares them with the schema), so
 * that a refusal needs no decoder of its own.
 */
final class RequestGate {
    static final int SESSION_ID_OFFSET = 0;
    static final int CORRELATION_ID_OFFSET = Long.BYTES;

    private final SessionManager sessions;
    private final ReplyPublisher replies;
    private final InboundRing ring;
    private final GroupStatus status;
    private final LongSupplier appliedIndex;
    private final StateMachine state;
    private final WriteCheck writes;
    private final ChangeReader changes;
    private final int groupId;

    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final SessionConnectDecoder connect = new SessionConnectDecoder();
    private final SearchDecoder search = new SearchDecoder();
    private final GetDecoder get = new GetDecoder();
    private final ListCollectionsDecoder list = new ListCollectionsDecoder();
    private final CountDecoder count = new CountDecoder();
    private final ScrollDecoder scroll = new ScrollDecoder();
    private final SearchBatchDecoder searchBatch = new SearchBatchDecoder();
    private final ReadChangesDecoder readChanges = new ReadChangesDecoder();

    private long unknownSessions;
    private long unknownRequests;

    RequestGate(
            SessionManager sessions,
            ReplyPublisher replies,
            InboundRing ring,
            GroupStatus status,
            LongSupplier appliedIndex,
            StateMachine state,
            RequestScope scope) {
        this.sessions = sessions;
        this.replies = replies;
        this.ring = ring;
        this.status = status;
        this.appliedIndex = appliedIndex;
        this.state = state;
        this.writes = new WriteCheck(scope.limits(), scope.maxInFlightBytes());
        this.changes = scope.changes();
        this.groupId = scope.groupId();
    }

    /** Takes a frame whose header and extents were checked. */
    @HotPath
    void onFrame(DirectBuffer message, int offset, int length, long nowNs) {
        header.wrap(message, offset);
        int body = offset + MessageHeaderDecoder.ENCODED_LENGTH;
        int templateId = header.templateId();
        if (templateId == SessionConnectDecoder.TEMPLATE_ID) {
            sessions.onConnect(connect.wrapAndApplyHeader(message, offset, header), nowNs);
            return;
        }
        long sessionId = message.getLong(body + SESSION_ID_OFFSET, ByteOrder.LITTLE_ENDIAN);
        if (!sessions.onActivity(sessionId, nowNs)) {
            unknownSessions++;
            return;
        }
        switch (templateId) {
            case SessionKeepAliveDecoder.TEMPLATE_ID -> {
                return;
            }
            case SessionCloseDecoder.TEMPLATE_ID -> {
                sessions.onClose(sessionId);
                return;
            }
            default -> onRequest(templateId, sessionId, message, offset, length);
        }
    }

    /**
     * Answers a frame that cannot be decoded, as far as it can be seen whose it is.
     *
     * @param code what is wrong with it
     */
    void onBadFrame(DirectBuffer message, int offset, int length, ErrorCode code) {
        int body = offset + MessageHeaderDecoder.ENCODED_LENGTH;
        if (length < MessageHeaderDecoder.ENCODED_LENGTH + 2 * Long.BYTES) {
            return;
        }
        long sessionId = message.getLong(body + SESSION_ID_OFFSET, ByteOrder.LITTLE_ENDIAN);
        long correlationId = message.getLong(body + CORRELATION_ID_OFFSET, ByteOrder.LITTLE_ENDIAN);
        replies.refused(sessionId, correlationId, code);
    }

    @HotPath
    private void onRequest(int templateId, long sessionId, DirectBuffer message, int offset, int length) {
        long correlationId = message.getLong(
                offset + MessageHeaderDecoder.ENCODED_LENGTH + CORRELATION_ID_OFFSET, ByteOrder.LITTLE_ENDIAN);
        ErrorCode code;
        switch (templateId) {
            case UpsertDecoder.TEMPLATE_ID,
                    DeleteDecoder.TEMPLATE_ID,
                    CreateCollectionDecoder.TEMPLATE_ID,
                    DropCollectionDecoder.TEMPLATE_ID,
                    RenameCollectionDecoder.TEMPLATE_ID -> {
                code = checkWrite(templateId, message, offset);
                if (code == ErrorCode.OK
                        && !ring.offerProposal(groupId, sessionId, correlationId, message, offset, length)) {
                    code = ErrorCode.BACK_PRESSURE;
                }
            }
            case SearchDecoder.TEMPLATE_ID -> {
                search.wrapAndApplyHeader(message, offset, header);
                code = read(search.consistency(), search.minPosition(), message, offset, length);
            }
            case GetDecoder.TEMPLATE_ID -> {
                get.wrapAndApplyHeader(message, offset, header);
                code = read(get.consistency(), get.minPosition(), message, offset, length);
            }
            case ListCollectionsDecoder.TEMPLATE_ID -> {
                list.wrapAndApplyHeader(message, offset, header);
                code = read(list.consistency(), list.minPosition(), message, offset, length);
            }
            case CountDecoder.TEMPLATE_ID, ScrollDecoder.TEMPLATE_ID, SearchBatchDecoder.TEMPLATE_ID -> {
                code = readCollection(templateId, message, offset, length);
            }
            case ReadChangesDecoder.TEMPLATE_ID -> {
                code = changes.read(readChanges.wrapAndApplyHeader(message, offset, header), replies);
            }
            case StatusDecoder.TEMPLATE_ID, RouteQueryDecoder.TEMPLATE_ID -> {
                code = read(Consistency.LOCAL, 0, message, offset, length);
            }
            default -> {
                unknownRequests++;
                code = ErrorCode.UNSUPPORTED_VERSION;
            }
        }
        if (code != ErrorCode.OK) {
            replies.refused(sessionId, correlationId, code, status.leaderNodeId(), Refusals.text(code));
        }
    }

    @HotPath
    private ErrorCode readCollection(int templateId, DirectBuffer message, int offset, int length) {
        return switch (templateId) {
            case CountDecoder.TEMPLATE_ID -> {
                count.wrapAndApplyHeader(message, offset, header);
                yield read(count.consistency(), count.minPosition(), message, offset, length);
            }
            case ScrollDecoder.TEMPLATE_ID -> {
                scroll.wrapAndApplyHeader(message, offset, header);
                yield read(scroll.consistency(), scroll.minPosition(), message, offset, length);
            }
            default -> {
                searchBatch.wrapAndApplyHeader(message, offset, header);
                yield read(searchBatch.consistency(), searchBatch.minPosition(), message, offset, length);
            }
        };
    }

    /** Only a leader that has applied all its predecessors' entries can judge a write by its own state. */
    @HotPath
    private ErrorCode checkWrite(int templateId, DirectBuffer message, int offset) {
        if (!status.isLeader()) {
            return ErrorCode.NOT_LEADER;
        }
        if (appliedIndex.getAsLong() < status.readyIndex()) {
            return ErrorCode.BACK_PRESSURE;
        }
        return switch (templateId) {
            case UpsertDecoder.TEMPLATE_ID -> writes.checkUpsert(message, offset, state.catalog());
            case DeleteDecoder.TEMPLATE_ID -> writes.checkDelete(message, offset, state.catalog());
            case CreateCollectionDecoder.TEMPLATE_ID -> writes.checkCreate(message, offset);
            case RenameCollectionDecoder.TEMPLATE_ID -> writes.checkRename(message, offset, state.catalog());
            default -> writes.checkDrop(message, offset, state.catalog());
        };
    }

    @HotPath
    private ErrorCode read(Consistency consistency, long minPosition, DirectBuffer message, int offset, int length) {
        int freshness;
        switch (consistency) {
            case LINEARIZABLE -> freshness = Freshness.LINEARIZABLE;
            case AT_LEAST_POSITION -> freshness = Freshness.AT_LEAST_INDEX;
            case LOCAL -> freshness = Freshness.LOCAL;
            default -> {
                return ErrorCode.MALFORMED_MESSAGE;
            }
        }
        int body = offset + MessageHeaderDecoder.ENCODED_LENGTH;
        long sessionId = message.getLong(body + SESSION_ID_OFFSET, ByteOrder.LITTLE_ENDIAN);
        long correlationId = message.getLong(body + CORRELATION_ID_OFFSET, ByteOrder.LITTLE_ENDIAN);
        boolean taken =
                ring.offerRead(groupId, sessionId, correlationId, freshness, minPosition, message, offset, length);
        return taken ? ErrorCode.OK : ErrorCode.BACK_PRESSURE;
    }

    /** Returns requests whose session is not open here; such a client hears nothing and connects again. */
    long unknownSessions() {
        return unknownSessions;
    }

    /** Returns requests of a kind that this version does not know. */
    long unknownRequests() {
        return unknownRequests;
    }
}
