package io.grape.node.checkpoint;

import org.jspecify.annotations.Nullable;

/**
 * Keeps the apply thread still while a snapshot takes the place of the state, and hands it over.
 *
 * <p>The log is reset on the pipeline's thread, and no entry may be read meanwhile. So the apply thread is asked to hold
 * first; only when it has said that it does is the snapshot ready to be installed. Any thread.
 */
final class ApplyHold {
    private volatile boolean wanted;
    private volatile boolean held;
    private volatile @Nullable PreparedState handover;

    /** Asks the apply thread to stop between two entries. */
    void request() {
        wanted = true;
    }

    /** Whether it has stopped. */
    boolean isHeld() {
        return held;
    }

    /** Lets it go on, with another state. */
    void release(PreparedState state) {
        handover = state;
        wanted = false;
    }

    /** Lets it go on as it was. */
    void release() {
        wanted = false;
    }

    /** Whether to stop now. Apply thread. */
    boolean mustHold() {
        if (wanted) {
            held = true;
            return true;
        }
        held = false;
        return false;
    }

    /** Takes what was handed over, or null. Apply thread, when it goes on. */
    @Nullable
    PreparedState take() {
        PreparedState state = handover;
        if (state != null) {
            handover = null;
        }
        return state;
    }
}
