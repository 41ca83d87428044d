package io.grape.node.ingress;

import io.grape.codecs.sbe.ErrorCode;
import io.grape.codecs.sbe.ReadChangesDecoder;
import io.grape.node.session.ReplyPublisher;

/** Answers {@code ReadChanges} out of a group's log. Thread: the inbound agent's, which is the one that owns the log. */
@FunctionalInterface
public interface ChangeReader {
    /** For a node that shows its log to nobody. */
    ChangeReader NONE = (request, replies) -> ErrorCode.UNSUPPORTED_VERSION;

    /**
     * Answers a request.
     *
     * @param replies the way back
     * @return OK if it was answered, else why it is refused
     */
    ErrorCode read(ReadChangesDecoder request, ReplyPublisher replies);
}
