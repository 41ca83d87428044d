package io.grape.client.session;

/**
 * Correlation ids that no other client instance used: a counter from a random start, and the slot in the low bits.
 *
 * <p>A port that the platform gives out again may still receive answers that were meant for a dead client; the random
 * start keeps them from being taken for answers to this one.
 */
final class CorrelationIds {
    /** Low bits that hold the slot. */
    static final int SLOT_BITS = 8;

    private static final long SLOT_MASK = (1L << SLOT_BITS) - 1;
    private static final long COUNTER_MASK = (1L << (62 - SLOT_BITS)) - 1;

    private long counter;

    CorrelationIds(long randomStart) {
        counter = randomStart & COUNTER_MASK;
    }

    long next(int slot) {
        counter = (counter + 1) & COUNTER_MASK;
        return (counter << SLOT_BITS) | slot;
    }

    static int slot(long correlationId) {
        return (int) (correlationId & SLOT_MASK);
    }
}
