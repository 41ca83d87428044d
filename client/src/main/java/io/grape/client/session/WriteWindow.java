package io.grape.client.session;

import org.jspecify.annotations.Nullable;

/**
 * Gives writes their sequences and knows through which one every write has its outcome.
 *
 * <p>Invariant: {@code acknowledgedThrough < next} and {@code next - 1 - toldThrough <= LENGTH}, because a node
 * remembers the outcomes of at most so many writes of a client. Polling thread; {@link #lastSequence} from any.
 */
final class WriteWindow {
    /** Most sequences between the oldest write without an outcome and the newest. */
    static final int LENGTH = 256;

    private static final int MASK = LENGTH - 1;

    private final @Nullable RequestSlot[] unanswered = new RequestSlot[LENGTH];
    private long next;
    private long acknowledgedThrough;
    private volatile long lastSequence;
    private volatile long toldLimit = Long.MAX_VALUE;

    WriteWindow(long firstSequence) {
        next = firstSequence;
        acknowledgedThrough = firstSequence - 1;
        lastSequence = acknowledgedThrough;
    }

    /** Returns whether another sequence fits. */
    boolean isOpen() {
        return next - toldThrough() <= LENGTH;
    }

    /** Gives a write the next sequence. */
    void assign(RequestSlot slot) {
        if (!isOpen()) {
            throw new IllegalStateException("window is closed at " + next + " after " + acknowledgedThrough);
        }
        slot.sequence = next;
        unanswered[(int) (next & MASK)] = slot;
        lastSequence = next;
        next++;
    }

    /** Notes that a write has its outcome, whatever it was, and will never be sent again. */
    void answered(long sequence) {
        if (sequence <= acknowledgedThrough || sequence >= next) {
            throw new IllegalStateException("sequence " + sequence + " is not in the window");
        }
        unanswered[(int) (sequence & MASK)] = null;
        while (acknowledgedThrough + 1 < next && unanswered[(int) ((acknowledgedThrough + 1) & MASK)] == null) {
            acknowledgedThrough++;
        }
    }

    /** Returns the write of a sequence above {@link #acknowledgedThrough} and below {@link #next}, if unanswered. */
    @Nullable
    RequestSlot at(long sequence) {
        return unanswered[(int) (sequence & MASK)];
    }

    long next() {
        return next;
    }

    long acknowledgedThrough() {
        return acknowledgedThrough;
    }

    /** Lets the nodes be told of no more than this sequence, until it is raised; any thread. */
    void tellThrough(long sequence) {
        toldLimit = sequence;
    }

    /** Returns through which sequence the nodes may forget the outcomes. */
    long toldThrough() {
        return Math.min(acknowledgedThrough, toldLimit);
    }

    long lastSequence() {
        return lastSequence;
    }
}
