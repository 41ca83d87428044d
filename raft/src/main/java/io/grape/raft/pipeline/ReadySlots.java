package io.grape.raft.pipeline;

import io.grape.codecs.HotPath;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Which groups have new entries to apply: one bit a slot, set by the consensus agent, taken by the apply agent.
 *
 * <p>The bit is set after the published index and taken before it is read, both by an atomic operation, so an index is
 * never missed. An idle look costs one read for each 64 groups. Allocates nothing after construction.
 */
final class ReadySlots {
    private static final VarHandle WORDS = MethodHandles.arrayElementVarHandle(long[].class);

    private final long[] words;

    /** @param slots number of slots */
    ReadySlots(int slots) {
        words = new long[(slots + Long.SIZE - 1) / Long.SIZE];
    }

    /** Says that a slot's published index rose. Consensus agent only. */
    @HotPath
    void add(int slot) {
        WORDS.getAndBitwiseOr(words, slot / Long.SIZE, 1L << slot);
    }

    /** Returns the number of words. */
    int wordCount() {
        return words.length;
    }

    /** Takes the slots of one word: bit {@code i} is slot {@code word * 64 + i}. Apply agent only. */
    @HotPath
    long take(int word) {
        return (long) WORDS.getOpaque(words, word) == 0 ? 0 : (long) WORDS.getAndSet(words, word, 0L);
    }
}
