package io.grape.client;

import io.grape.codecs.sbe.ErrorCode;

/**
 * What a caller can do about an error: the one small taxonomy over all codes.
 *
 * <p>The client itself already follows {@link #ANOTHER_NODE}, {@link #LATER} and {@link #SAME_SEQUENCE} until the
 * request's deadline, so what reaches the caller is mostly the rest.
 */
public enum RetryAdvice {
    /** Another node may answer now: the leader moved, or this node stops. */
    ANOTHER_NODE("ask another node"),
    /** The same request may succeed after a pause. */
    LATER("try again after a pause"),
    /** The outcome is unknown; only a retry with the same client id and sequence is safe. */
    SAME_SEQUENCE("the outcome is unknown: read it back, or write it again if doing it twice is harmless"),
    /** The outcome is unknown and asking again cannot tell: the cluster has forgotten this client's older writes. */
    READ_BACK("the outcome is unknown and a retry cannot tell: read it back"),
    /** The request can never succeed as it is. */
    CHANGE_REQUEST("correct the request"),
    /** An operator must act: limits, disks, credentials, configuration. */
    OPERATOR("an operator must act: see the text"),
    /** A defect, or the client is closed; a retry cannot help. */
    NEVER("a retry cannot help");

    private final String text;

    RetryAdvice(String text) {
        this.text = text;
    }

    /** Returns the advice in words. */
    public String text() {
        return text;
    }

    /** Returns whether sending the same request again can succeed. */
    public boolean isRetryable() {
        return this == ANOTHER_NODE || this == LATER || this == SAME_SEQUENCE;
    }

    /**
     * Returns the advice for a code.
     *
     * @param code of a {@link io.grape.codecs.GrapeException}
     * @return what to do
     */
    public static RetryAdvice of(ErrorCode code) {
        return switch (code) {
            case NOT_LEADER, NOT_OWNER, NODE_STOPPING, SESSION_UNKNOWN -> ANOTHER_NODE;
            case BACK_PRESSURE, MIGRATING, POSITION_NOT_REACHED, SESSION_LIMIT -> LATER;
            case LEADERSHIP_LOST, TIMED_OUT -> SAME_SEQUENCE;
            case SESSION_EXPIRED -> READ_BACK;
            case SEQUENCE_OUT_OF_WINDOW,
                    VERSION_MISMATCH,
                    MALFORMED_MESSAGE,
                    MESSAGE_TOO_LARGE,
                    UNKNOWN_COLLECTION,
                    COLLECTION_EXISTS,
                    INVALID_COLLECTION,
                    DIMENSION_MISMATCH,
                    NOT_FINITE,
                    ZERO_VECTOR,
                    INVALID_K,
                    INVALID_EF,
                    INVALID_FILTER,
                    BATCH_TOO_LARGE,
                    EMPTY_BATCH,
                    PAYLOAD_TOO_LARGE -> CHANGE_REQUEST;
            case AUTHENTICATION_FAILED,
                    UNSUPPORTED_VERSION,
                    COLLECTION_LIMIT,
                    MEMORY_LIMIT,
                    STORAGE_FULL,
                    PORT_IN_USE,
                    DATA_OWNED_BY_OTHER_NODE,
                    DATA_FORMAT_UNSUPPORTED,
                    DATA_LOCKED,
                    DISK_SPACE,
                    DATA_CORRUPT,
                    INVALID_CONFIGURATION,
                    IO_FAILURE -> OPERATOR;
            case OK, CLIENT_CLOSED, INTERNAL, NULL_VAL, SBE_UNKNOWN -> NEVER;
        };
    }
}
