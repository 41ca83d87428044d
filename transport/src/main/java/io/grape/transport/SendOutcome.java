package io.grape.transport;

import io.aeron.Publication;
import io.grape.codecs.HotPath;

/** What became of one offer; every sender looks at it. SENT means accepted here, never delivered there. */
public enum SendOutcome {
    /** Accepted into the term buffer. */
    SENT(0),
    /** The receiver is behind; offer again later. */
    BACK_PRESSURED(1),
    /** Nobody listens yet, or not any more. */
    NOT_CONNECTED(2),
    /** A term is being rotated; offer again at once. */
    ADMIN_ACTION(3),
    /** The publication is closed or could not be made. */
    CLOSED(4),
    /** The stream has used up its position; it is opened anew. */
    MAX_POSITION_EXCEEDED(5),
    /** Longer than an eighth of the term; it can never be sent on this stream. */
    TOO_LONG(6);

    /** How many outcomes there are. */
    static final int COUNT = 7;

    private final int slot;

    SendOutcome(int slot) {
        this.slot = slot;
    }

    /** Returns where this outcome is counted, 0 to {@code COUNT - 1}. */
    int slot() {
        return slot;
    }

    /**
     * Returns the outcome of an offer to an Aeron publication.
     *
     * @param position what {@code offer} returned
     * @return the outcome
     */
    @HotPath
    static SendOutcome of(long position) {
        if (position >= 0) {
            return SENT;
        }
        if (position == Publication.BACK_PRESSURED) {
            return BACK_PRESSURED;
        }
        if (position == Publication.NOT_CONNECTED) {
            return NOT_CONNECTED;
        }
        if (position == Publication.ADMIN_ACTION) {
            return ADMIN_ACTION;
        }
        if (position == Publication.MAX_POSITION_EXCEEDED) {
            return MAX_POSITION_EXCEEDED;
        }
        return CLOSED;
    }

    /** Returns whether the same offer may succeed a moment later. */
    public boolean isTransient() {
        return this == BACK_PRESSURED || this == ADMIN_ACTION;
    }
}
