package io.grape.node.session;

import io.grape.codecs.HotPath;
import io.grape.codecs.sbe.BooleanType;
import io.grape.codecs.sbe.ErrorCode;
import io.grape.codecs.sbe.ErrorReplyEncoder;
import io.grape.codecs.sbe.MessageHeaderEncoder;
import io.grape.codecs.sbe.WriteReplyEncoder;
import io.grape.node.state.Replies;
import io.grape.transport.SendOutcome;
import java.util.function.LongSupplier;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Encodes short replies and offers them to sessions. One for each thread that replies.
 *
 * <p>A reply to a client that does not take it is tried a few times, then counted and dropped: the thread belongs to
 * everyone, and a client that hears nothing asks again under the same sequence.
 */
public final class ReplyPublisher implements Replies {
    private static final int ATTEMPTS = 16;
    private static final int BUFFER_BYTES = 2048;
    private static final int NO_POINT = -1;
    private static final long NO_VERSION = ErrorReplyEncoder.currentVersionNullValue();

    private final SessionRegistry sessions;
    private final int groupId;
    private final LongSupplier tableEpoch;
    private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[BUFFER_BYTES]);
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final WriteReplyEncoder writeReply = new WriteReplyEncoder();
    private final ErrorReplyEncoder errorReply = new ErrorReplyEncoder();
    private volatile long dropped;

    /** As given, for a thread that refuses nothing for want of ownership. */
    public ReplyPublisher(SessionRegistry sessions, int groupId) {
        this(sessions, groupId, () -> 0);
    }

    /**
     * @param sessions   where to find the client
     * @param groupId    that the replies speak for
     * @param tableEpoch of the newest shard table here
     */
    public ReplyPublisher(SessionRegistry sessions, int groupId, LongSupplier tableEpoch) {
        this.sessions = sessions;
        this.groupId = groupId;
        this.tableEpoch = tableEpoch;
    }

    @Override
    @HotPath
    public void written(long sessionId, long correlationId, long index, int changed, boolean duplicate) {
        Session session = sessions.find(sessionId);
        if (session == null) {
            return;
        }
        writeReply
                .wrapAndApplyHeader(buffer, 0, header)
                .sessionId(sessionId)
                .correlationId(correlationId)
                .groupId(groupId)
                .index(index)
                .changed(changed)
                .duplicate(duplicate ? BooleanType.TRUE : BooleanType.FALSE);
        offer(session, buffer, MessageHeaderEncoder.ENCODED_LENGTH + writeReply.encodedLength());
    }

    @Override
    public void refused(long sessionId, long correlationId, ErrorCode code) {
        refused(sessionId, correlationId, code, -1, Refusals.text(code));
    }

    /**
     * Says that a request was refused.
     *
     * @param leaderNodeId for {@code NOT_LEADER}; -1 if unknown
     * @param text         for people
     */
    public void refused(long sessionId, long correlationId, ErrorCode code, int leaderNodeId, String text) {
        refused(sessionId, correlationId, code, leaderNodeId, NO_POINT, NO_VERSION, text);
    }

    @Override
    public void mismatched(long sessionId, long correlationId, int point, long currentVersion) {
        String is = currentVersion < 0 ? "does not exist" : "has version " + currentVersion;
        String text = "point " + point + " of the batch, counted from 0, " + is
                + ", which is not what the write expects: nothing of the batch was done";
        refused(sessionId, correlationId, ErrorCode.VERSION_MISMATCH, -1, point, currentVersion, text);
    }

    private void refused(
            long sessionId,
            long correlationId,
            ErrorCode code,
            int leaderNodeId,
            int point,
            long currentVersion,
            String text) {
        Session session = sessions.find(sessionId);
        if (session == null) {
            return;
        }
        errorReply
                .wrapAndApplyHeader(buffer, 0, header)
                .sessionId(sessionId)
                .correlationId(correlationId)
                .code(code)
                .retryAfterMs(Refusals.retryAfterMs(code))
                .leaderNodeId(leaderNodeId)
                .tableEpoch(code == ErrorCode.NOT_OWNER ? tableEpoch.getAsLong() : 0)
                .point(point)
                .currentVersion(currentVersion)
                .text(text);
        offer(session, buffer, MessageHeaderEncoder.ENCODED_LENGTH + errorReply.encodedLength());
    }

    /** Offers an encoded message to a session, if it is open here. */
    @HotPath
    public void send(long sessionId, DirectBuffer message, int length) {
        Session session = sessions.find(sessionId);
        if (session != null) {
            offer(session, message, length);
        }
    }

    @HotPath
    @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
    private void offer(Session session, DirectBuffer message, int length) {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            SendOutcome outcome = session.egress().offer(message, 0, length);
            if (outcome == SendOutcome.SENT) {
                return;
            }
            if (!outcome.isTransient()) {
                break;
            }
            Thread.onSpinWait();
        }
        dropped++;
    }

    /** Returns replies that a client did not take. Any thread. */
    public long dropped() {
        return dropped;
    }
}
