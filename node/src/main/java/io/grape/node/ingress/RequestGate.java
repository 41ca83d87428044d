package io.grape.node.ingress;

import io.grape.codecs.HotPath;
import io.grape.codecs.sbe.ChangeNodeDecoder;
import io.grape.codecs.sbe.Consistency;
import io.grape.codecs.sbe.CountDecoder;
import io.grape.codecs.sbe.CreateCollectionDecoder;
import io.grape.codecs.sbe.DeleteDecoder;
import io.grape.codecs.sbe.DropCollectionDecoder;
import io.grape.codecs.sbe.ErrorCode;
import io.grape.codecs.sbe.GetDecoder;
import io.grape.codecs.sbe.ListCollectionsDecoder;
import io.grape.codecs.sbe.MessageHeaderDecoder;
import io.grape.codecs.sbe.MoveShardDecoder;
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
import io.grape.node.groups.HostedGroup;
import io.grape.node.groups.HostedGroups;
import io.grape.node.groups.ShardMoves;
import io.grape.node.metrics.RequestMetrics;
import io.grape.node.session.Refusals;
import io.grape.node.session.ReplyPublisher;
import io.grape.node.session.SessionManager;
import io.grape.node.state.StateMachine;
import io.grape.raft.pipeline.Freshness;
import io.grape.raft.pipeline.InboundRing;
import java.nio.ByteOrder;
import java.util.function.IntFunction;
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
    private final HostedGroups groups;
    private final WriteCheck writes;
    private final RequestRoute routes;
    private final RequestMetrics requests;
    private final IntFunction<ChangeReader> changes;
    private final ShardMoves moves;

    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final SessionConnectDecoder connect = new SessionConnectDecoder();
    private final SearchDecoder search = new SearchDecoder();
    private final GetDecoder get = new GetDecoder();
    private final ListCollectionsDecoder list = new ListCollectionsDecoder();
    private final CountDecoder count = new CountDecoder();
    private final ScrollDecoder scroll = new ScrollDecoder();
    private final SearchBatchDecoder searchBatch = new SearchBatchDecoder();
    private final ReadChangesDecoder readChanges = new ReadChangesDecoder();
    private final MoveShardDecoder move = new MoveShardDecoder();

    private volatile long unknownSessions;
    private long unknownRequests;

    RequestGate(
            SessionManager sessions,
            ReplyPublisher replies,
            InboundRing ring,
            HostedGroups groups,
            RequestScope scope,
            ShardMoves moves) {
        this.moves = moves;
        this.sessions = sessions;
        this.replies = replies;
        this.ring = ring;
        this.groups = groups;
        this.writes = new WriteCheck(scope.limits(), scope.maxInFlightBytes());
        this.routes = new RequestRoute(groups.router());
        this.requests = sessions.requests();
        this.changes = scope.changes();
    }

    /** Takes a frame whose header and extents were checked. */
    @HotPath
    @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
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
            default -> onRequest(templateId, sessionId, message, offset, length, nowNs);
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
    private void onRequest(int templateId, long sessionId, DirectBuffer message, int offset, int length, long nowNs) {
        long correlationId = message.getLong(
                offset + MessageHeaderDecoder.ENCODED_LENGTH + CORRELATION_ID_OFFSET, ByteOrder.LITTLE_ENDIAN);
        requests.arrived(templateId, sessionId, correlationId, length, nowNs);
        if (!sessions.allows(sessionId, templateId)) {
            replies.refused(sessionId, correlationId, ErrorCode.FORBIDDEN);
            return;
        }
        int groupId = routes.groupOf(templateId, message, offset);
        HostedGroup group = groups.get(groupId);
        ErrorCode code;
        if (group == null) {
            code = groupId == RequestRoute.AMBIGUOUS ? ErrorCode.NOT_OWNER : ErrorCode.NOT_LEADER;
        } else {
            code = onRequest(group, templateId, sessionId, correlationId, message, offset, length);
        }
        if (code != ErrorCode.OK) {
            int leader = group == null ? -1 : group.status().leaderNodeId();
            replies.refused(sessionId, correlationId, code, leader, Refusals.text(code));
        }
    }

    @HotPath
    private ErrorCode onRequest(
            HostedGroup group,
            int templateId,
            long sessionId,
            long correlationId,
            DirectBuffer message,
            int offset,
            int length) {
        boolean isOfPoints = templateId == UpsertDecoder.TEMPLATE_ID
                || templateId == DeleteDecoder.TEMPLATE_ID
                || templateId == SearchDecoder.TEMPLATE_ID
                || templateId == CountDecoder.TEMPLATE_ID
                || templateId == ScrollDecoder.TEMPLATE_ID
                || templateId == SearchBatchDecoder.TEMPLATE_ID
                || templateId == GetDecoder.TEMPLATE_ID;
        if (isOfPoints && group.groupId() == HostedGroups.METADATA) {
            return ErrorCode.NOT_OWNER;
        }
        return switch (templateId) {
            case UpsertDecoder.TEMPLATE_ID,
                    DeleteDecoder.TEMPLATE_ID,
                    ChangeNodeDecoder.TEMPLATE_ID,
                    CreateCollectionDecoder.TEMPLATE_ID,
                    DropCollectionDecoder.TEMPLATE_ID,
                    RenameCollectionDecoder.TEMPLATE_ID -> {
                ErrorCode code = checkWrite(group, templateId, message, offset);
                boolean isFull = code == ErrorCode.OK
                        && !ring.offerProposal(group.groupId(), sessionId, correlationId, message, offset, length);
                yield isFull ? ErrorCode.BACK_PRESSURE : code;
            }
            case SearchDecoder.TEMPLATE_ID -> {
                search.wrapAndApplyHeader(message, offset, header);
                yield read(group, search.consistency(), search.minPosition(), message, offset, length);
            }
            case GetDecoder.TEMPLATE_ID -> {
                get.wrapAndApplyHeader(message, offset, header);
                yield read(group, get.consistency(), get.minPosition(), message, offset, length);
            }
            case ListCollectionsDecoder.TEMPLATE_ID -> {
                list.wrapAndApplyHeader(message, offset, header);
                yield read(group, list.consistency(), list.minPosition(), message, offset, length);
            }
            case CountDecoder.TEMPLATE_ID, ScrollDecoder.TEMPLATE_ID, SearchBatchDecoder.TEMPLATE_ID ->
                readCollection(group, templateId, message, offset, length);
            case ReadChangesDecoder.TEMPLATE_ID -> {
                readChanges.wrapAndApplyHeader(message, offset, header);
                yield changes.apply(group.groupId()).read(readChanges, replies);
            }
            case StatusDecoder.TEMPLATE_ID, RouteQueryDecoder.TEMPLATE_ID ->
                read(group, Consistency.LOCAL, 0, message, offset, length);
            case MoveShardDecoder.TEMPLATE_ID -> onMove(sessionId, correlationId, message, offset);
            default -> {
                unknownRequests++;
                yield ErrorCode.UNSUPPORTED_VERSION;
            }
        };
    }

    @HotPath
    private ErrorCode readCollection(HostedGroup group, int templateId, DirectBuffer message, int offset, int length) {
        return switch (templateId) {
            case CountDecoder.TEMPLATE_ID -> {
                count.wrapAndApplyHeader(message, offset, header);
                yield read(group, count.consistency(), count.minPosition(), message, offset, length);
            }
            case ScrollDecoder.TEMPLATE_ID -> {
                scroll.wrapAndApplyHeader(message, offset, header);
                yield read(group, scroll.consistency(), scroll.minPosition(), message, offset, length);
            }
            default -> {
                searchBatch.wrapAndApplyHeader(message, offset, header);
                yield read(group, searchBatch.consistency(), searchBatch.minPosition(), message, offset, length);
            }
        };
    }

    /** Answered when it was taken up; the shard table tells when it is done. */
    private ErrorCode onMove(long sessionId, long correlationId, DirectBuffer message, int offset) {
        move.wrapAndApplyHeader(message, offset, header);
        ErrorCode code = moves.request(move.shard(), move.destination());
        if (code == ErrorCode.OK) {
            replies.written(sessionId, correlationId, 0, 1, false);
        }
        return code;
    }

    /** Only a leader that has applied all its predecessors' entries can judge a write by its own state. */
    @HotPath
    private ErrorCode checkWrite(HostedGroup group, int templateId, DirectBuffer message, int offset) {
        if (!group.status().isLeader()) {
            return ErrorCode.NOT_LEADER;
        }
        if (group.appliedIndex().getAsLong() < group.status().readyIndex()) {
            return ErrorCode.BACK_PRESSURE;
        }
        StateMachine state = group.state();
        ErrorCode code = switch (templateId) {
            case UpsertDecoder.TEMPLATE_ID -> writes.checkUpsert(message, offset, state);
            case DeleteDecoder.TEMPLATE_ID -> writes.checkDelete(message, offset, state);
            case ChangeNodeDecoder.TEMPLATE_ID -> writes.checkChangeNode(message, offset);
            case CreateCollectionDecoder.TEMPLATE_ID -> writes.checkCreate(message, offset);
            case RenameCollectionDecoder.TEMPLATE_ID -> writes.checkRename(message, offset, state.catalog());
            default -> writes.checkDrop(message, offset, state.catalog());
        };
        return code == ErrorCode.UNKNOWN_COLLECTION && isOnItsWay(group, templateId, message, offset)
                ? ErrorCode.BACK_PRESSURE
                : code;
    }

    /** Group 0 has the collection already, and this group will. */
    @HotPath
    private boolean isOnItsWay(HostedGroup group, int templateId, DirectBuffer message, int offset) {
        if (group.groupId() == HostedGroups.METADATA) {
            return false;
        }
        int collectionId = routes.collectionOf(templateId, message, offset);
        return groups.metadata().state().catalog().byId(collectionId) != null;
    }

    @HotPath
    private ErrorCode read(
            HostedGroup group,
            Consistency consistency,
            long minPosition,
            DirectBuffer message,
            int offset,
            int length) {
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
        boolean taken = ring.offerRead(
                group.groupId(), sessionId, correlationId, freshness, minPosition, message, offset, length);
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
