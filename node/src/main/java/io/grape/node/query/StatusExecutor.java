package io.grape.node.query;

import io.grape.codecs.sbe.ErrorCode;
import io.grape.codecs.sbe.MessageHeaderDecoder;
import io.grape.codecs.sbe.MessageHeaderEncoder;
import io.grape.codecs.sbe.RouteQueryDecoder;
import io.grape.codecs.sbe.RouteReplyEncoder;
import io.grape.codecs.sbe.StatusDecoder;
import io.grape.codecs.sbe.StatusReplyEncoder;
import io.grape.node.session.ReplyPublisher;
import io.grape.node.state.StateSample;
import io.grape.raft.pipeline.GroupStatus;
import io.grape.shards.ShardTable;
import io.grape.shards.ShardTableCodec;
import org.agrona.DirectBuffer;
import org.agrona.ExpandableDirectByteBuffer;

/** Answers {@code Status} and {@code RouteQuery}. Thread: the query agent's. */
final class StatusExecutor {
    private final QueryContext context;
    private final ReplyPublisher replies;
    private final long processId = ProcessHandle.current().pid();
    private final StateSample sample = new StateSample();
    private final ExpandableDirectByteBuffer reply = new ExpandableDirectByteBuffer(4096);
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final MessageHeaderEncoder replyHeader = new MessageHeaderEncoder();
    private final StatusDecoder status = new StatusDecoder();
    private final StatusReplyEncoder statusReply = new StatusReplyEncoder();
    private final RouteQueryDecoder route = new RouteQueryDecoder();
    private final RouteReplyEncoder routeReply = new RouteReplyEncoder();

    StatusExecutor(QueryContext context, ReplyPublisher replies) {
        this.context = context;
        this.replies = replies;
    }

    void onStatus(DirectBuffer message, int offset) {
        status.wrapAndApplyHeader(message, offset, header);
        if (!context.state().sample(sample)) {
            replies.refused(status.sessionId(), status.correlationId(), ErrorCode.BACK_PRESSURE);
            return;
        }
        GroupStatus group = context.status();
        NodeIdentity identity = context.identity();
        statusReply
                .wrapAndApplyHeader(reply, 0, replyHeader)
                .sessionId(status.sessionId())
                .correlationId(status.correlationId())
                .nodeId(identity.nodeId())
                .groupId(context.groupId())
                .leaderNodeId(group.leaderNodeId())
                .term(group.term())
                .lastIndex(group.lastIndex())
                .durableIndex(group.durableIndex())
                .commitIndex(group.commitIndex())
                .appliedIndex(sample.appliedIndex())
                .stateHash(sample.hash())
                .points(sample.points())
                .processId(processId)
                .syncPolicy(identity.syncPolicy())
                .dataDirectory(identity.dataDirectory())
                .version(identity.version());
        replies.send(status.sessionId(), reply, MessageHeaderEncoder.ENCODED_LENGTH + statusReply.encodedLength());
    }

    void onRoute(DirectBuffer message, int offset) {
        route.wrapAndApplyHeader(message, offset, header);
        ShardTable table = context.router()
                .table()
                .withLeader(context.groupId(), context.status().leaderNodeId());
        routeReply
                .wrapAndApplyHeader(reply, 0, replyHeader)
                .sessionId(route.sessionId())
                .correlationId(route.correlationId());
        ShardTableCodec.encode(table, route.heldEpoch(), routeReply);
        replies.send(route.sessionId(), reply, MessageHeaderEncoder.ENCODED_LENGTH + routeReply.encodedLength());
    }
}
