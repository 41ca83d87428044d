package io.grape.raft.core;

import io.grape.raft.core.membership.Membership;
import java.util.List;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/** Of a group whose log is never compacted. */
final class NoSnapshots implements SnapshotStore {
    private static final long CANNOT_RECEIVE = -1;

    @Override
    public long index() {
        return RaftLog.NULL_INDEX;
    }

    @Override
    public long term() {
        return 0;
    }

    @Override
    public long length() {
        return 0;
    }

    @Override
    public Membership membership() {
        return Membership.ofVoters(List.of());
    }

    @Override
    public boolean maySend(long nowNs) {
        return true;
    }

    @Override
    public int read(long index, long offset, MutableDirectBuffer target, int targetOffset, int maxLength) {
        return 0;
    }

    @Override
    public long begin(long index, long term, long totalLength) {
        return CANNOT_RECEIVE;
    }

    @Override
    public void write(long offset, DirectBuffer chunk, int chunkOffset, int length) {
        throw new IllegalStateException("nothing is being received");
    }

    @Override
    public void install(long index, long term, Membership membership) {
        throw new IllegalStateException("nothing is being received");
    }
}
