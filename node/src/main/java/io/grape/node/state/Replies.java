package io.grape.node.state;

import io.grape.codecs.sbe.ErrorCode;

/**
 * Where the state machine says what became of a write. Called on the apply thread on every replica; only the node that
 * holds the session has anyone to tell.
 */
public interface Replies {
    /**
     * The write is committed and applied.
     *
     * @param changed   points stored or removed, or the id of the collection that was made
     * @param duplicate it had been applied before; index and changed are those of then
     */
    void written(long sessionId, long correlationId, long index, int changed, boolean duplicate);

    /** The write is committed but was refused by the state. */
    void refused(long sessionId, long correlationId, ErrorCode code);

    /**
     * The write is committed but was refused because a point does not have the version that it expects.
     *
     * @param point          place of the first such point in the request, from 0
     * @param currentVersion its version, or -1 if there is no such point
     */
    default void mismatched(long sessionId, long correlationId, int point, long currentVersion) {
        refused(sessionId, correlationId, ErrorCode.VERSION_MISMATCH);
    }
}
