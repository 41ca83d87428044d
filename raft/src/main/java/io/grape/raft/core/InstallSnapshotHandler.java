package io.grape.raft.core;

import io.grape.codecs.sbe.InstallSnapshotDecoder;
import io.grape.raft.core.membership.ConfigurationCodec;
import io.grape.raft.core.membership.Membership;
import org.agrona.DirectBuffer;

/**
 * Takes a snapshot from the leader of this term, chunk by chunk.
 *
 * <p>Paper, section 7 and figure 13. Thread: the group's pipeline. Chunks are stored in order only; a reply says where the
 * next one must begin. With the last chunk the snapshot is made durable, the log is reset and the members are replaced, in
 * one batch; the reply that says so waits until that batch is durable.
 */
final class InstallSnapshotHandler {
    private final RaftState state;
    private final RaftPublisher publisher;
    private final RaftAdapter adapter;

    InstallSnapshotHandler(RaftState state, RaftPublisher publisher, RaftAdapter adapter) {
        this.state = state;
        this.publisher = publisher;
        this.adapter = adapter;
    }

    void onChunk(InstallSnapshotDecoder chunk, DirectBuffer message, long nowNs, RaftOutput out) {
        long index = chunk.snapshotIndex();
        long totalLength = chunk.totalLength();
        if (!state.rules.mayInstall(index, state.commitIndex)) {
            publisher.chunkStored(state.rules.appendReplies(out), chunk, totalLength, true);
            return;
        }
        Membership membership =
                ConfigurationCodec.decode(message, adapter.configurationOffset, adapter.configurationLength);
        if (membership == null) {
            state.counters.malformed++;
            return;
        }
        long held = state.snapshots.begin(index, chunk.snapshotTerm(), totalLength);
        if (held < 0) {
            state.counters.foreign += held == SnapshotStore.NOT_NOW ? 0 : 1;
            return;
        }
        if (chunk.chunkOffset() == held && adapter.chunkLength > 0) {
            state.snapshots.write(held, message, adapter.chunkOffset, adapter.chunkLength);
            held += adapter.chunkLength;
        }
        if (held < totalLength) {
            publisher.chunkStored(out.sendNow(), chunk, held, false);
            return;
        }
        install(index, chunk.snapshotTerm(), membership, nowNs, out);
        publisher.chunkStored(state.rules.appendReplies(out), chunk, totalLength, true);
    }

    private void install(long index, long term, Membership membership, long nowNs, RaftOutput out) {
        state.snapshots.install(index, term, membership);
        boolean logGoesOn = state.log.termAt(index) == term;
        if (state.rules.resetsLogWithSnapshot()) {
            state.log.compactTo(index, term);
        }
        state.trace.snapshotInstalled(index, term);
        state.commitIndex = index;
        state.durableIndex = logGoesOn ? Math.max(state.durableIndex, index) : index;
        if (logGoesOn) {
            state.history.compactedTo(index);
        } else {
            state.history.reset(index, membership);
        }
        state.adoptMembership(nowNs);
        state.stageHardState();
        state.counters.snapshotsInstalled++;
        out.snapshotHasBeenInstalled();
    }
}
