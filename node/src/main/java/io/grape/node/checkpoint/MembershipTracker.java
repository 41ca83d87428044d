package io.grape.node.checkpoint;

import io.grape.codecs.HotPath;
import io.grape.codecs.sbe.EntryType;
import io.grape.raft.core.membership.ConfigurationCodec;
import io.grape.raft.core.membership.Membership;
import io.grape.raft.pipeline.EntryApplier;
import org.agrona.DirectBuffer;

/** Remembers the members as of the last applied entry, before the state machine sees it. Thread: the apply agent's. */
final class MembershipTracker implements EntryApplier {
    private final EntryApplier machine;
    private byte[] membership;

    MembershipTracker(EntryApplier machine, Membership first) {
        this.machine = machine;
        this.membership = bytes(ConfigurationCodec.encode(first), 0, -1);
    }

    @Override
    @HotPath
    public void apply(long index, short entryType, DirectBuffer payload, int offset, int length) {
        if (entryType == EntryType.CONFIGURATION.value()) {
            reset(bytes(payload, offset, length));
        }
        machine.apply(index, entryType, payload, offset, length);
    }

    /** Takes the members of a snapshot. */
    void reset(byte[] encoded) {
        membership = encoded;
    }

    /** Returns the members as a GroupConfiguration message. */
    byte[] membership() {
        return membership;
    }

    private static byte[] bytes(DirectBuffer buffer, int offset, int length) {
        byte[] copy = new byte[length < 0 ? buffer.capacity() - offset : length];
        buffer.getBytes(offset, copy);
        return copy;
    }
}
