package io.grape.node;

import io.grape.codecs.HotPath;
import io.grape.codecs.sbe.ErrorCode;
import io.grape.node.query.QueryAgent;
import io.grape.node.session.Refusals;
import io.grape.node.session.ReplyPublisher;
import io.grape.raft.pipeline.RequestSink;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.ringbuffer.RingBuffer;

/** Hands the pipeline's answers on: refusals to the client, ready reads to the query agent. Thread: the pipeline's. */
public final class RequestReplies implements RequestSink {
    private final ReplyPublisher replies;
    private final RingBuffer queries;

    /**
     * @param replies used by the pipeline alone
     * @param queries of the query agent
     */
    public RequestReplies(ReplyPublisher replies, RingBuffer queries) {
        this.replies = replies;
        this.queries = queries;
    }

    @Override
    public void refused(long sessionId, long correlationId, int reason, int leaderNodeId) {
        ErrorCode code = switch (reason) {
            case NOT_LEADER -> ErrorCode.NOT_LEADER;
            case INDEX_NOT_REACHED -> ErrorCode.POSITION_NOT_REACHED;
            case STORAGE_FULL -> ErrorCode.STORAGE_FULL;
            case TOO_LARGE -> ErrorCode.MESSAGE_TOO_LARGE;
            default -> ErrorCode.BACK_PRESSURE;
        };
        replies.refused(sessionId, correlationId, code, leaderNodeId, Refusals.text(code));
    }

    @Override
    @HotPath
    public boolean readReady(int groupId, DirectBuffer body, int offset, int length) {
        return queries.write(QueryAgent.messageTypeOf(groupId), body, offset, length);
    }
}
