package io.grape.client;

import io.grape.codecs.sbe.ErrorCode;

/** Hears the one outcome of reading points by id, on the polling thread; must not block. */
public interface GetCallback {
    /**
     * The points were read.
     *
     * @param points one for each id asked, in the order asked; valid during this call
     */
    void onPoints(PointCursor points);

    /**
     * The read was refused or not answered in time.
     *
     * @param code why; {@link RetryAdvice#of} says what to do
     * @param text for people
     */
    void onError(ErrorCode code, String text);
}
