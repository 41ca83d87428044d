package io.grape.client.session;

import io.grape.codecs.sbe.ErrorCode;

/** What the client does about a node's error before any caller hears of it. Pure. */
final class RetryPolicy {
    /** What to do with the request. */
    enum Action {
        /** Tell the caller. */
        FAIL,
        /** Send it again to the same node after the time that the node gave. */
        RETRY_LATER,
        /** The node does not lead: send it to the one that does. */
        FOLLOW_LEADER,
        /** The node cannot serve: look for another, with the same sequence. */
        LEAVE_NODE,
        /** The shard has another owner: ask for the table and send to the group that it names. */
        REROUTE,
        /** The node does not know the session: open it anew and send again. */
        RECONNECT
    }

    private RetryPolicy() {}

    static Action onError(ErrorCode code, int retryAfterMs) {
        return switch (code) {
            case NOT_LEADER, LEADERSHIP_LOST -> Action.FOLLOW_LEADER;
            case NODE_STOPPING -> Action.LEAVE_NODE;
            case SESSION_UNKNOWN -> Action.RECONNECT;
            case NOT_OWNER -> Action.REROUTE;
            case BACK_PRESSURE, MIGRATING, POSITION_NOT_REACHED -> retryAfterMs < 0 ? Action.FAIL : Action.RETRY_LATER;
            default -> Action.FAIL;
        };
    }

    /**
     * Returns whether a refusal depends on the request alone, or is remembered, so that an earlier attempt of it was refused likewise.
     *
     * @param code of the refusal
     * @return false if an earlier attempt may have been applied although this one was refused
     */
    static boolean isDeterministic(ErrorCode code) {
        return switch (code) {
            case MALFORMED_MESSAGE,
                    MESSAGE_TOO_LARGE,
                    INVALID_COLLECTION,
                    DIMENSION_MISMATCH,
                    NOT_FINITE,
                    ZERO_VECTOR,
                    INVALID_K,
                    INVALID_EF,
                    INVALID_FILTER,
                    BATCH_TOO_LARGE,
                    EMPTY_BATCH,
                    PAYLOAD_TOO_LARGE -> true;
            // Decided by the state, which remembers its answer: an earlier attempt that was applied got the same one.
            case VERSION_MISMATCH -> true;
            default -> false;
        };
    }
}
