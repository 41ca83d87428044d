package io.grape.client;

import io.grape.client.session.ReplyHandler;
import io.grape.codecs.GrapeException;
import io.grape.codecs.sbe.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.agrona.DirectBuffer;

/**
 * A future that one reply completes.
 *
 * <p>Cancelling it before the request was sent withdraws the request; after that the outcome is dropped, not undone.
 */
final class FutureReply<T> extends CompletableFuture<T> implements ReplyHandler {
    /** Turns a reply frame into a result. */
    @FunctionalInterface
    interface Decoder<T> {
        /**
         * @param positions of the groups that answered; empty for a request of one group, whose reply names its own
         */
        T decode(DirectBuffer buffer, int offset, List<Position> positions);
    }

    private final int templateId;
    private final Decoder<T> decoder;
    private final List<Position> positions = new ArrayList<>(0);

    FutureReply(int templateId, Decoder<T> decoder) {
        this.templateId = templateId;
        this.decoder = decoder;
    }

    @Override
    public void onPart(int groupId, long index) {
        positions.add(new Position(groupId, index));
    }

    @Override
    public void onReply(int replyTemplateId, DirectBuffer buffer, int offset, int length) {
        if (replyTemplateId != templateId) {
            onError(
                    ErrorCode.INTERNAL,
                    "A reply of template " + replyTemplateId + " answered a request that is " + "answered by template "
                            + templateId + ".");
            return;
        }
        try {
            complete(decoder.decode(buffer, offset, positions));
        } catch (RuntimeException undecodable) {
            completeExceptionally(new GrapeException(
                    ErrorCode.MALFORMED_MESSAGE, "A reply contradicts itself: " + undecodable, undecodable));
        }
    }

    @Override
    public void onError(ErrorCode code, String text) {
        completeExceptionally(new GrapeException(code, text));
    }
}
