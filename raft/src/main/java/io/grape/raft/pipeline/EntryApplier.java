package io.grape.raft.pipeline;

import org.agrona.DirectBuffer;

/**
 * A group's state machine.
 *
 * <p>Thread: the apply agent's, one entry after the other in index order, each once in the life of the process. It must
 * be deterministic: the same entries give the same state on every replica. What it throws stops the node.
 */
public interface EntryApplier {
    /**
     * Applies one committed entry.
     *
     * @param index     of the entry
     * @param entryType SBE value of {@code EntryType}
     * @param payload   the mapped journal; valid during this call
     * @param offset    of the entry's first byte
     * @param length    bytes
     */
    void apply(long index, short entryType, DirectBuffer payload, int offset, int length);
}
