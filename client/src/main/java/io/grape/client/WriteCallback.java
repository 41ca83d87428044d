package io.grape.client;

import io.grape.codecs.sbe.ErrorCode;

/** Hears the one outcome of a write, on the polling thread; must not block. */
public interface WriteCallback {
    /**
     * The write is committed and applied.
     *
     * @param groupId   group that committed it
     * @param index     index of its entry; with the group the position to read it back at
     * @param changed   points stored or removed
     * @param duplicate an earlier attempt had been applied already
     */
    void onWritten(int groupId, long index, int changed, boolean duplicate);

    /**
     * The write was refused, or its outcome is unknown if the code is TIMED_OUT.
     *
     * @param code why; {@link RetryAdvice#of} says what to do
     * @param text for people
     */
    void onError(ErrorCode code, String text);
}
