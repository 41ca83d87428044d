package io.grape.client.session;

import io.grape.codecs.sbe.ErrorCode;
import org.agrona.DirectBuffer;

/** Hears the one outcome of a request, on the polling thread; must not block. Exactly one of the two is called, once. */
public interface ReplyHandler {
    /**
     * The request was answered.
     *
     * @param templateId template of the reply
     * @param buffer     holds the reply's frame, which was checked; valid during this call
     * @param offset     of its message header
     * @param length     of the frame in bytes
     */
    void onReply(int templateId, DirectBuffer buffer, int offset, int length);

    /**
     * One of the groups that the request was divided over has answered; called for each of them before the outcome, and not at
     * all for a request of one group.
     *
     * @param groupId the group
     * @param index   position that its answer saw or made
     */
    default void onPart(int groupId, long index) {}

    /**
     * The request was refused, or has no outcome that could be learnt in time.
     *
     * @param code why
     * @param text for people
     */
    void onError(ErrorCode code, String text);

    /**
     * Returns whether the caller has lost interest, so that a request that was not sent yet need not be.
     *
     * @return false unless it was cancelled
     */
    default boolean isCancelled() {
        return false;
    }
}
