package io.grape.simulation.linearizability.history;

/** How an operation ended. */
public sealed interface Outcome {
    /** In place of a number that the reply did not name. */
    long NOT_SAID = Long.MIN_VALUE;

    /** No answer, or one that leaves it open. The operation may take effect once at any time after its call, or never. */
    record Unknown() implements Outcome {}

    /** It certainly had and will have no effect: it never left the client, or was refused for another reason than its version. */
    record Failed() implements Outcome {}

    /**
     * The write was applied.
     *
     * @param version log index that applied it, or {@link #NOT_SAID}
     * @param changed points that it changed, 0 or 1, or {@link #NOT_SAID}; a delete that found nothing has 0
     */
    record Written(long version, long changed) implements Outcome {}

    /**
     * The write was refused because the point has another version than the expected one.
     *
     * @param currentVersion the point's version, {@link Call#ABSENT_VERSION}, or {@link #NOT_SAID}
     */
    record Mismatch(long currentVersion) implements Outcome {}

    /**
     * The read found the point.
     *
     * @param version  log index of the write that stored it, or {@link #NOT_SAID}
     * @param value    as in {@link Call.Upsert}, or {@link #NOT_SAID}: a search names versions only
     * @param position position that the answer saw, or {@link #NOT_SAID}
     */
    record Found(long version, long value, long position) implements Outcome {}

    /**
     * The read found no such point.
     *
     * @param position position that the answer saw, or {@link #NOT_SAID}
     */
    record Missing(long position) implements Outcome {}
}
