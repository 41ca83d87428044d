package io.grape.node.query;

import io.grape.codecs.sbe.ErrorCode;
import io.grape.codecs.sbe.MessageHeaderDecoder;
import io.grape.codecs.sbe.MessageHeaderEncoder;
import io.grape.codecs.sbe.RouteQueryDecoder;
import io.grape.codecs.sbe.RouteReplyEncoder;
import io.grape.codecs.sbe.StatusDecoder;
import io.grape.codecs.sbe.StatusReplyEncoder;
import io.grape.node.groups.HostedGroup;
import io.grape.node.groups.HostedGroups;
import io.grape.node.session.ReplyPublisher;
import io.grape.node.state.StateSample;
import io.grape.raft.pipeline.GroupStatus;
import io.grape.shards.ShardGroup;
import io.grape.shards.ShardTableCodec;
import org.agrona.DirectBuffer;
import org.agrona.ExpandableDirectByteBuffer;

/** Answers {@code Status} and {@code RouteQuery}. Thread: the query agent's. */
final class StatusExecutor implements ShardTableCodec.Leaders {
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

    void onStatus(HostedGroup answering, DirectBuffer message, int offset) {
        status.wrapAndApplyHeader(message, offset, header);
        if (!answering.state().sample(sample)) {
            replies.refused(status.sessionId(), status.correlationId(), ErrorCode.BACK_PRESSURE);
            return;
        }
        GroupStatus group = answering.status();
        NodeIdentity identity = context.identity();
        statusReply
                .wrapAndApplyHeader(reply, 0, replyHeader)
                .sessionId(status.sessionId())
                .correlationId(status.correlationId())
                .nodeId(identity.nodeId())
                .groupId(answering.groupId())
                .leaderNodeId(group.leaderNodeId())
                .term(group.term())
                .lastIndex(group.lastIndex())
                .durableIndex(group.durableIndex())
                .commitIndex(group.commitIndex())
                .appliedIndex(sample.appliedIndex())
                .stateHash(sample.hash())
                .points(points(answering))
                .processId(processId)
                .syncPolicy(identity.syncPolicy())
                .dataDirectory(identity.dataDirectory())
                .version(identity.version());
        replies.send(status.sessionId(), reply, MessageHeaderEncoder.ENCODED_LENGTH + statusReply.encodedLength());
    }

    /** Group 0 holds none and speaks for the node. */
    private long points(HostedGroup answering) {
        if (answering.groupId() != HostedGroups.METADATA) {
            return sample.points();
        }
        long points = 0;
        for (HostedGroup group : context.groups().data()) {
            points += group.state().catalog().points();
        }
        return points;
    }

    @Override
    public int nodeId(int groupId) {
        HostedGroup hosted = context.groups().get(groupId);
        return hosted == null ? ShardGroup.NO_LEADER : hosted.status().leaderNodeId();
    }

    @Override
    public long term(int groupId) {
        HostedGroup hosted = context.groups().get(groupId);
        return hosted == null ? 0 : hosted.status().term();
    }

    @Override
    public long commitIndex(int groupId) {
        HostedGroup hosted = context.groups().get(groupId);
        return hosted == null ? 0 : hosted.status().commitIndex();
    }

    void onRoute(DirectBuffer message, int offset) {
        route.wrapAndApplyHeader(message, offset, header);
        routeReply
                .wrapAndApplyHeader(reply, 0, replyHeader)
                .sessionId(route.sessionId())
                .correlationId(route.correlationId());
        ShardTableCodec.encode(context.groups().router().table(), route.heldEpoch(), this, routeReply);
        replies.send(route.sessionId(), reply, MessageHeaderEncoder.ENCODED_LENGTH + routeReply.encodedLength());
    }
}
