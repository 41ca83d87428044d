package io.grape.node.session;

import io.grape.codecs.sbe.ErrorCode;

/** What a client reads when a request is refused, and when it may try again. */
public final class Refusals {
    /** A retry cannot help. */
    public static final int NO_RETRY = -1;

    private Refusals() {}

    /** Returns what was wrong and what to do, for people. */
    public static String text(ErrorCode code) {
        return switch (code) {
            case NOT_LEADER -> "this node does not lead the group: send it to the leader named in leaderNodeId";
            case NOT_OWNER ->
                "the group does not own a point of the request: ask for the shard table and send it to the owner";
            case MIGRATING -> "the shard is being handed to another group: retry after the time given";
            case BACK_PRESSURE -> "the node has too much in flight: retry after the time given";
            case NODE_STOPPING -> "the node is shutting down: use another node";
            case POSITION_NOT_REACHED -> "this replica has not applied the asked position: retry, or ask the leader";
            case SESSION_LIMIT -> "the node holds as many sessions as it may: close idle clients or use another node";
            case SEQUENCE_OUT_OF_WINDOW ->
                "the sequence is more than 256 above the oldest unanswered one: wait for answers before sending more";
            case SESSION_EXPIRED ->
                "the group has forgotten what this client wrote: read back whether this write is there; later writes of "
                        + "the client are accepted";
            case VERSION_MISMATCH -> "a point does not have the version that the write expects: nothing was done";
            case UNSUPPORTED_VERSION -> "this schema version cannot be read here: use a client of this release";
            case MALFORMED_MESSAGE -> "the message is truncated or contradicts itself: nothing of it was done";
            case MESSAGE_TOO_LARGE -> "the message is longer than the node accepts: send smaller batches";
            case UNKNOWN_COLLECTION -> "no such collection: create it first, or list the collections";
            case COLLECTION_EXISTS ->
                "the name is taken by a collection of another dimension or metric: drop it or choose another name";
            case INVALID_COLLECTION ->
                "a collection needs a name of 1 to 128 of a-z, 0-9, _ and -, and a dimension of 1 to 4096";
            case DIMENSION_MISMATCH -> "the vector's dimension is not the collection's";
            case NOT_FINITE -> "a component is NaN or infinite: nothing of the batch was stored";
            case ZERO_VECTOR -> "a zero vector has no direction, so it cannot be used with cosine";
            case INVALID_K -> "k must be at least 1 and at most the node's limit";
            case INVALID_EF -> "ef must be 0 for the usual one, or 1 to 4096";
            case INVALID_FILTER ->
                "a filter names 1 to 4096 ids of 16 bytes, and says whether they are allowed or denied";
            case BATCH_TOO_LARGE -> "the batch is above the node's limit: send smaller batches";
            case EMPTY_BATCH -> "the batch holds no point";
            case PAYLOAD_TOO_LARGE -> "a payload is above 64 KiB";
            case COLLECTION_LIMIT -> "the cluster holds as many collections as it may: drop one first";
            case MEMORY_LIMIT -> "the node's budget for vectors is used up: delete points or raise the budget";
            case STORAGE_FULL -> "not enough free disk space: free some, then retry";
            default -> code.name();
        };
    }

    /** Returns the milliseconds after which a retry makes sense, or {@link #NO_RETRY}. */
    public static int retryAfterMs(ErrorCode code) {
        return switch (code) {
            case NOT_LEADER, LEADERSHIP_LOST, NOT_OWNER -> 0;
            case BACK_PRESSURE -> 10;
            case MIGRATING, POSITION_NOT_REACHED -> 50;
            case NODE_STOPPING, SESSION_LIMIT, STORAGE_FULL, MEMORY_LIMIT -> 1_000;
            default -> NO_RETRY;
        };
    }
}
