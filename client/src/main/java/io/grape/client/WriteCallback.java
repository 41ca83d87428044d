package io.grape.client;

import io.grape.codecs.sbe.ErrorCode;

/** Hears the one outcome of a write, on the polling thread; must not block. */
public interface WriteCallback {
    /**
     * The write is committed and applied, in all groups that it was divided over.
     *
     * @param groupId   group that committed it, the last of several
     * @param index     index of its entry; with the group the position to read it back at
     * @param changed   points stored or removed
     * @param duplicate an earlier attempt had been applied already
     */
    void onWritten(int groupId, long index, int changed, boolean duplicate);

    /**
     * One of the groups that the write was divided over has committed its part; called for each before the outcome, and not at
     * all for a write of one group.
     *
     * @param groupId group that committed it
     * @param index   index of its entry
     */
    default void onPart(int groupId, long index) {}

    /**
     * The write was refused, or its outcome is unknown if the code is TIMED_OUT.
     *
     * @param code why; {@link RetryAdvice#of} says what to do
     * @param text for people
     */
    void onError(ErrorCode code, String text);
}
