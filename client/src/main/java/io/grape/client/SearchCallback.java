package io.grape.client;

import io.grape.codecs.sbe.ErrorCode;

/** Hears the one outcome of a search, on the polling thread; must not block. */
public interface SearchCallback {
    /**
     * The search was answered.
     *
     * @param hits nearest first; valid during this call
     */
    void onHits(HitCursor hits);

    /**
     * The search was refused or not answered in time.
     *
     * @param code why; {@link RetryAdvice#of} says what to do
     * @param text for people
     */
    void onError(ErrorCode code, String text);
}
