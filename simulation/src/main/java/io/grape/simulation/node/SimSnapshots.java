package io.grape.simulation.node;

import io.grape.raft.core.SnapshotStore;
import io.grape.raft.core.membership.Membership;
import java.util.List;
import org.agrona.DirectBuffer;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One node's snapshots, as durable as its disk. In memory: the files of real checkpoints are tested where they are written. The
 * one before the newest is kept, because a peer may be in the middle of it.
 */
final class SimSnapshots implements SnapshotStore {
    private static final long CANNOT_RECEIVE = -1;

    /** A state and where it belongs. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Snapshot(long index, long term, Membership membership, byte[] bytes) {}

    /** Takes an installed snapshot's state over. */
    @FunctionalInterface
    interface Installer {
        /** The state machine must become this. */
        void install(Snapshot snapshot);
    }

    private @Nullable Snapshot newest;
    private @Nullable Snapshot before;
    private @Nullable Installer installer;
    private ExpandableArrayBuffer incoming = new ExpandableArrayBuffer();
    private long incomingIndex;
    private long incomingTerm;
    private long incomingLength;
    private long held;
    private long installedCount;

    @Nullable
    Snapshot newest() {
        return newest;
    }

    /** A process begins: what was being received is gone. */
    void begin(Installer newInstaller) {
        installer = newInstaller;
        incomingIndex = 0;
        held = 0;
    }

    /** Returns how many snapshots came from peers. */
    long installedCount() {
        return installedCount;
    }

    void take(Snapshot snapshot) {
        before = newest;
        newest = snapshot;
    }

    @Override
    public long index() {
        return newest == null ? 0 : newest.index;
    }

    @Override
    public long term() {
        return newest == null ? 0 : newest.term;
    }

    @Override
    public long length() {
        return newest == null ? 0 : newest.bytes.length;
    }

    @Override
    public Membership membership() {
        return newest == null ? Membership.ofVoters(List.of()) : newest.membership;
    }

    @Override
    public int read(long index, long offset, MutableDirectBuffer target, int targetOffset, int maxLength) {
        Snapshot from = newest != null && newest.index == index ? newest : before;
        if (from == null || from.index != index) {
            return 0;
        }
        int length = (int) Math.min(maxLength, from.bytes.length - offset);
        target.putBytes(targetOffset, from.bytes, (int) offset, length);
        return length;
    }

    @Override
    public boolean maySend(long nowNs) {
        return true;
    }

    @Override
    public long begin(long index, long term, long totalLength) {
        if (index <= index()) {
            return CANNOT_RECEIVE;
        }
        if (index != incomingIndex || term != incomingTerm || totalLength != incomingLength) {
            incoming = new ExpandableArrayBuffer();
            incomingIndex = index;
            incomingTerm = term;
            incomingLength = totalLength;
            held = 0;
        }
        return held;
    }

    @Override
    public void write(long offset, DirectBuffer chunk, int chunkOffset, int length) {
        incoming.putBytes((int) offset, chunk, chunkOffset, length);
        held = offset + length;
    }

    @Override
    public void install(long index, long term, Membership membership) {
        Installer current = installer;
        if (current == null || index != incomingIndex || held != incomingLength) {
            throw new IllegalStateException("snapshot " + index + " is not whole: " + held + " of " + incomingLength);
        }
        byte[] bytes = new byte[(int) incomingLength];
        new UnsafeBuffer(incoming.byteArray()).getBytes(0, bytes);
        Snapshot installed = new Snapshot(index, term, membership, bytes);
        take(installed);
        installedCount++;
        current.install(installed);
    }
}
