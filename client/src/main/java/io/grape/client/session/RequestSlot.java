package io.grape.client.session;

import io.grape.codecs.sbe.ErrorCode;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.MutableDirectBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One place for a request in flight: its bytes, and where it stands.
 *
 * <p>Owned by the caller from {@link ClientCore#acquire} to {@link ClientCore#submit}, then by the polling thread until
 * the request has its outcome. The buffer is kept, so that a slot allocates only until it has grown.
 */
public final class RequestSlot {
    /** Target of what only the leader of the group answers: writes and linearizable reads. */
    public static final int LEADER = -1;

    /** Target of what any node may answer. */
    public static final int ANY_NODE = -2;

    /** Where a request stands. */
    enum State {
        /** In the pool, or in a caller's hands. */
        FREE,
        /** To be sent as soon as there is a session for it. */
        READY,
        /** Sent; no answer yet. */
        SENT
    }

    private static final int INITIAL_LENGTH = 1024;

    final int index;
    final ExpandableArrayBuffer buffer = new ExpandableArrayBuffer(INITIAL_LENGTH);
    State state = State.FREE;
    long correlationId;
    int length;
    boolean isWrite;
    int target;
    /** Group that the request is for. */
    int groupId;

    @Nullable
    ReplyHandler handler;

    /** Sequence of a write, or 0 while it has none. */
    long sequence;

    long deadlineNs;
    long sentNs;
    /** READY: not before this; SENT: sent again after this. */
    long actionNs;

    int attempts;
    /** How often it was sent on to another node without a pause between. */
    int bounces;

    /** The polling thread owns it. */
    boolean inFlight;

    /** A node said that another group owns its points: its group is looked up again before it is sent. */
    boolean isMisrouted;

    /** An attempt was made whose outcome is unknown. */
    boolean isUncertain;

    @Nullable
    NodeSession session;
    /** Session of the last attempt; errors of earlier ones are not heard. */
    long attemptSessionId;

    ErrorCode lastCode = ErrorCode.OK;
    String lastText = "";

    RequestSlot(int index) {
        this.index = index;
    }

    /** Returns which slot of its client this is, 0 to one less than the requests in flight. */
    public int index() {
        return index;
    }

    /** Returns where the request is to be encoded, from offset 0, message header first. */
    public MutableDirectBuffer buffer() {
        return buffer;
    }

    /** Returns the handler; there is one while a request is in flight. */
    ReplyHandler requireHandler() {
        ReplyHandler current = handler;
        if (current == null) {
            throw new IllegalStateException("slot " + index + " is not in flight");
        }
        return current;
    }

    /** As the other, for a request of the group that knows the collections. */
    void begin(int requestLength, boolean write, int targetNode, ReplyHandler replyHandler, long requestDeadlineNs) {
        begin(requestLength, write, targetNode, Leaders.METADATA, replyHandler, requestDeadlineNs);
    }

    /** Makes it a request that was never sent. */
    void begin(
            int requestLength,
            boolean write,
            int targetNode,
            int group,
            ReplyHandler replyHandler,
            long requestDeadlineNs) {
        groupId = group;
        length = requestLength;
        isWrite = write;
        target = targetNode;
        handler = replyHandler;
        deadlineNs = requestDeadlineNs;
        sequence = 0;
        attempts = 0;
        bounces = 0;
        isMisrouted = false;
        session = null;
        attemptSessionId = 0;
        lastCode = ErrorCode.OK;
        lastText = "";
    }
}
