package io.grape.raft.core;

import io.grape.raft.core.membership.Membership;
import java.util.Arrays;
import java.util.List;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/** Snapshots in memory. What was installed or taken survives a crash; what is being received does too, so that it resumes. */
final class MemorySnapshots implements SnapshotStore {
    record Snapshot(long index, long term, Membership membership, byte[] bytes) {}

    static final Snapshot NOTHING = new Snapshot(0, 0, Membership.ofVoters(List.of()), new byte[0]);

    private Snapshot newest = NOTHING;
    private Snapshot before = NOTHING;
    private long receivingIndex;
    private long receivingTerm;
    private byte[] receiving = {};
    private int held;
    int chunksWritten;

    void take(Snapshot snapshot) {
        before = newest;
        newest = snapshot;
    }

    Snapshot newest() {
        return newest;
    }

    void wipe() {
        newest = NOTHING;
        held = 0;
        receivingIndex = 0;
    }

    @Override
    public long index() {
        return newest.index();
    }

    @Override
    public long term() {
        return newest.term();
    }

    @Override
    public long length() {
        return newest.bytes().length;
    }

    @Override
    public Membership membership() {
        return newest.membership();
    }

    @Override
    public boolean maySend(long nowNs) {
        return true;
    }

    @Override
    public int read(long index, long offset, MutableDirectBuffer target, int targetOffset, int maxLength) {
        Snapshot snapshot = newest.index() == index ? newest : before;
        if (snapshot.index() != index) {
            throw new IllegalStateException("snapshot " + index + " is gone while it is streamed");
        }
        int length = (int) Math.min(maxLength, snapshot.bytes().length - offset);
        target.putBytes(targetOffset, snapshot.bytes(), (int) offset, length);
        return length;
    }

    @Override
    public long begin(long index, long term, long totalLength) {
        if (receivingIndex != index || receivingTerm != term || receiving.length != totalLength) {
            receivingIndex = index;
            receivingTerm = term;
            receiving = new byte[(int) totalLength];
            held = 0;
        }
        return held;
    }

    @Override
    public void write(long offset, DirectBuffer chunk, int chunkOffset, int length) {
        if (offset != held) {
            throw new IllegalStateException("a chunk out of order: " + offset + " after " + held);
        }
        chunk.getBytes(chunkOffset, receiving, held, length);
        held += length;
        chunksWritten++;
    }

    @Override
    public void install(long index, long term, Membership membership) {
        if (index != receivingIndex || held != receiving.length || index <= newest.index()) {
            throw new IllegalStateException("cannot install " + index + " over " + newest.index());
        }
        take(new Snapshot(index, term, membership, Arrays.copyOf(receiving, held)));
        receivingIndex = 0;
        held = 0;
    }
}
