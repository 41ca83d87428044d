package io.grape.client;

import io.grape.client.session.ReplyHandler;
import io.grape.codecs.GrapeException;
import io.grape.codecs.sbe.ErrorCode;
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
        T decode(DirectBuffer buffer, int offset);
    }

    private final int templateId;
    private final Decoder<T> decoder;

    FutureReply(int templateId, Decoder<T> decoder) {
        this.templateId = templateId;
        this.decoder = decoder;
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
            complete(decoder.decode(buffer, offset));
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
