package io.grape.raft.core;

import io.grape.codecs.sbe.BooleanType;
import io.grape.codecs.sbe.InstallSnapshotReplyDecoder;
import io.grape.raft.core.membership.ConfigurationCodec;
import io.grape.raft.core.progress.Progress;

/**
 * Streams the newest snapshot to a peer whose entries are gone from the log, one chunk at a time.
 *
 * <p>Paper, section 7 and figure 13. Thread: the group's pipeline. The first chunk asks how far the peer is, so that a
 * stream goes on where a lost connection or a restart cut it. If a newer snapshot takes the place of the one being
 * streamed, the stream begins again; {@link RaftGroup#streamedSnapshotIndex} lets the owner avoid that.
 */
final class SnapshotSender {
    private final RaftState state;
    private final RaftPublisher publisher;

    SnapshotSender(RaftState state, RaftPublisher publisher) {
        this.state = state;
        this.publisher = publisher;
    }

    void begin(Progress peer, long nowNs, RaftOutput out) {
        peer.streamSnapshot(state.snapshots.index());
        stream(peer, false, nowNs, out);
    }

    /** Sends the next chunk if the last one was answered, or sends it again if that is due. */
    void stream(Progress peer, boolean due, long nowNs, RaftOutput out) {
        if (state.snapshots.index() != peer.snapshotIndex()) {
            peer.streamSnapshot(state.snapshots.index());
        }
        boolean wanted = !peer.probeOutstanding() || due;
        if (!wanted || !out.hasRoomFor(state.config.limits().maxBytesPerAppend())) {
            return;
        }
        if (!due && !state.snapshots.maySend(nowNs)) {
            return;
        }
        publisher.chunk(
                out.sendNow(),
                peer,
                ConfigurationCodec.encode(state.snapshots.membership()),
                state.snapshots.length(),
                nowNs);
    }

    /** @return whether the commit index rose */
    boolean onReply(InstallSnapshotReplyDecoder reply, Progress peer, long nowNs) {
        peer.answered(reply.requestId(), reply.readId(), nowNs);
        if (reply.installedRaw() == BooleanType.TRUE.value()) {
            if (reply.snapshotIndex() > state.commitIndex) {
                state.counters.malformed++;
                return false;
            }
            return peer.snapshotInstalled(reply.snapshotIndex()) && state.advanceCommit();
        }
        peer.chunkStored(reply.snapshotIndex(), reply.nextOffset());
        return false;
    }
}
