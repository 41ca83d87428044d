package io.grape.node.checkpoint;

import io.grape.raft.core.RaftGroup;
import io.grape.raft.core.RaftLog;
import io.grape.raft.core.SnapshotStore;
import io.grape.raft.core.membership.Membership;
import java.nio.file.Path;
import java.util.List;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A group's checkpoints as its consensus core sees them, and the compaction of its log behind them.
 *
 * <p>Thread: the pipeline's. A newer checkpoint becomes visible here only while no follower is being sent the one before,
 * so a stream never begins again by itself.
 */
final class GroupSnapshots implements SnapshotStore {
    private static final int BURST_BYTES = 2 << 20;

    /** A follower that has just got a snapshot needs the entries behind it next, or it would need a snapshot again. */
    private static final long GRACE_NS = 2_000_000_000;

    private final Checkpointer checkpointer;
    private final SnapshotReceiver receiver;
    private final Path collections;
    private final TokenBucket rate;
    private final long trailingEntries;
    private final CheckpointStep.Listener steps;
    private @Nullable Checkpoint visible;
    private @Nullable SnapshotStream stream;
    private boolean streams;
    private long streamedNs;

    GroupSnapshots(
            Checkpointer checkpointer,
            SnapshotReceiver receiver,
            Path collections,
            long bytesPerSecond,
            long trailingEntries,
            CheckpointStep.Listener steps) {
        this.checkpointer = checkpointer;
        this.receiver = receiver;
        this.collections = collections;
        this.rate = new TokenBucket(bytesPerSecond, BURST_BYTES);
        this.trailingEntries = trailingEntries;
        this.steps = steps;
        this.visible = checkpointer.newest();
        checkpointer.streams(visible);
    }

    /**
     * Takes over a newer checkpoint and compacts the log, unless a follower is being sent what would go.
     *
     * @param log  of the group
     * @param room whether the batch has room for a mark
     */
    @SuppressWarnings("ReferenceEquality") // the same object, or a newer checkpoint
    int poll(RaftGroup group, RaftLog log, boolean room, long nowNs) {
        receiver.poll(nowNs);
        if (group.streamedSnapshotIndex(nowNs) != Long.MAX_VALUE) {
            streamedNs = nowNs;
            streams = true;
            return 0;
        }
        if (streams && nowNs - streamedNs < GRACE_NS) {
            return 0;
        }
        streams = false;
        Checkpoint newest = checkpointer.newest();
        if (newest != visible) {
            show(newest);
        }
        long compactTo = index() - trailingEntries;
        if (room && compactTo >= log.firstIndex() && group.compactTo(compactTo, nowNs)) {
            steps.reached(CheckpointStep.COMPACTED);
            return 1;
        }
        return 0;
    }

    private void show(@Nullable Checkpoint checkpoint) {
        visible = checkpoint;
        closeStream();
        checkpointer.streams(checkpoint);
    }

    @Override
    public long index() {
        return visible == null ? RaftLog.NULL_INDEX : visible.index();
    }

    @Override
    public long term() {
        return visible == null ? 0 : visible.manifest().term();
    }

    @Override
    public long length() {
        return visible == null ? 0 : stream(visible).totalBytes();
    }

    @Override
    public Membership membership() {
        return visible == null ? Membership.ofVoters(List.of()) : visible.membership();
    }

    @Override
    public boolean maySend(long nowNs) {
        boolean may = rate.hasTokens(nowNs);
        if (!may) {
            checkpointer.counters().countThrottled();
        }
        return may;
    }

    @Override
    public int read(long index, long offset, MutableDirectBuffer target, int targetOffset, int maxLength) {
        if (visible == null || visible.index() != index) {
            return 0;
        }
        int bytes = stream(visible).read(offset, target, targetOffset, maxLength);
        rate.take(bytes);
        checkpointer.counters().countSent(bytes);
        return bytes;
    }

    private SnapshotStream stream(Checkpoint checkpoint) {
        SnapshotStream current = stream;
        if (current == null) {
            current = new SnapshotStream(checkpoint, collections);
            stream = current;
        }
        return current;
    }

    @Override
    public long begin(long index, long term, long totalLength) {
        return receiver.begin(index, term, totalLength);
    }

    @Override
    public void write(long offset, DirectBuffer chunk, int chunkOffset, int length) {
        receiver.write(offset, chunk, chunkOffset, length);
    }

    @Override
    public void install(long index, long term, Membership membership) {
        show(receiver.install(index, term));
    }

    void closeStream() {
        if (stream != null) {
            stream.close();
            stream = null;
        }
    }
}
