package io.grape.raft.core;

import io.grape.codecs.HotPath;
import io.grape.raft.core.progress.Progress;
import io.grape.raft.core.progress.ProgressState;

/**
 * Writes the leader's log to its peers, once a batch: entries, heartbeats, read confirmations and repeats.
 *
 * <p>Paper, section 5.3; thesis, sections 10.2.1 (disk and network side by side) and 10.2.2 (batching, pipelining).
 * Thread: the group's pipeline. Allocates nothing.
 */
final class Replicator {
    private final RaftState state;
    private final RaftPublisher publisher;
    private final SnapshotSender snapshots;
    private final Hibernation hibernation;
    private boolean inFrames;

    Replicator(RaftState state, RaftPublisher publisher, SnapshotSender snapshots, Hibernation hibernation) {
        this.hibernation = hibernation;
        this.state = state;
        this.publisher = publisher;
        this.snapshots = snapshots;
    }

    @HotPath
    void replicate(long nowNs, RaftOutput out) {
        if (state.waitsForOwnVote() || state.isResting) {
            return;
        }
        inFrames = out.takesHeartbeats();
        boolean readRound = state.reads.beginRound();
        for (int i = 0; i < state.peers.count(); i++) {
            Progress peer = state.peers.peer(i);
            if (peer.state() == ProgressState.REPLICATE) {
                pipeline(peer, readRound, nowNs, out);
            } else if (peer.state() == ProgressState.PROBE) {
                probe(peer, readRound, nowNs, out);
            } else {
                snapshots.stream(peer, readRound || isOverdue(peer, nowNs) || isHeartbeatDue(peer, nowNs), nowNs, out);
            }
        }
    }

    /** A window of appends ahead of their answers. */
    @HotPath
    private void pipeline(Progress peer, boolean readRound, long nowNs, RaftOutput out) {
        if (state.log.termAt(peer.next() - 1) == RaftLog.NULL_TERM) {
            snapshots.begin(peer, nowNs, out);
            return;
        }
        if (peer.inflight().count() > 0 && nowNs - peer.inflight().oldestSentNs() > retransmitTimeoutNs(peer)) {
            state.counters.retransmits++;
            peer.probe(peer.match() + 1);
            probe(peer, readRound, nowNs, out);
            return;
        }
        boolean sent = false;
        while (peer.next() <= state.log.lastIndex() && sendEntries(peer, nowNs, out)) {
            sent = true;
        }
        if (!sent && (readRound || isHeartbeatDue(peer, nowNs) || owesCommit(peer))) {
            beat(peer, nowNs, out);
        }
    }

    /** One append at a time. The first carries entries, since it mostly succeeds; repeats carry none. */
    @HotPath
    private void probe(Progress peer, boolean readRound, long nowNs, RaftOutput out) {
        if (state.log.termAt(peer.next() - 1) == RaftLog.NULL_TERM) {
            snapshots.begin(peer, nowNs, out);
            return;
        }
        if (!peer.probeOutstanding()) {
            if (peer.next() > state.log.lastIndex() || !sendEntries(peer, nowNs, out)) {
                sendEmpty(peer, nowNs, out);
            }
            return;
        }
        boolean overdue = isOverdue(peer, nowNs);
        if (readRound || overdue || isHeartbeatDue(peer, nowNs)) {
            if (overdue) {
                state.counters.retransmits++;
            }
            sendEmpty(peer, nowNs, out);
        }
    }

    /** Sends as many entries as one append may hold; false if the window or the output is full. */
    @HotPath
    private boolean sendEntries(Progress peer, long nowNs, RaftOutput out) {
        RaftLog log = state.log;
        RaftLimits limits = state.config.limits();
        long first = peer.next();
        long last = Math.min(log.lastIndex(), first + limits.maxEntriesPerAppend() - 1);
        int bytes = log.payloadLengthAt(first);
        int count = 1;
        while (first + count <= last) {
            int length = log.payloadLengthAt(first + count);
            if (bytes + length > limits.maxBytesPerAppend()) {
                break;
            }
            bytes += length;
            count++;
        }
        if (!out.hasRoomFor(bytes)
                || (peer.state() == ProgressState.REPLICATE && !peer.inflight().hasRoomFor(bytes))) {
            return false;
        }
        long requestId = peer.sentEntries(first + count - 1, bytes, nowNs);
        publisher.append(out.sendNow(), peer.nodeId(), first - 1, count, bytes, requestId);
        peer.commitSent(state.commitIndex);
        return true;
    }

    /**
     * A heartbeat to a peer whose log is known to meet ours: in a frame with those of other groups, if it can be. The index
     * is one that was sent already, and the peer compares its term before it commits.
     */
    @HotPath
    private void beat(Progress peer, long nowNs, RaftOutput out) {
        if (!inFrames || !peer.takesFrames()) {
            sendEmpty(peer, nowNs, out);
            return;
        }
        long index = Math.min(peer.next() - 1, state.commitIndex);
        long requestId = peer.sentEmpty(nowNs);
        state.trace.beatSent(false, peer.nodeId(), state.term, index, state.log.termAt(index));
        out.heartbeats()
                .add(
                        peer.nodeId(),
                        state.config.groupId(),
                        state.term,
                        index,
                        state.log.termAt(index),
                        requestId,
                        state.reads.currentRound(),
                        hibernation.stateFor(peer, requestId, nowNs));
        peer.commitSent(state.commitIndex);
    }

    @HotPath
    private void sendEmpty(Progress peer, long nowNs, RaftOutput out) {
        long prevLogIndex = peer.next() - 1;
        publisher.append(out.sendNow(), peer.nodeId(), prevLogIndex, 0, 0, peer.sentEmpty(nowNs));
        peer.commitSent(state.commitIndex);
    }

    /** Returns when {@link #replicate} has something to send although nothing else happened. */
    @HotPath
    long nextDueNs() {
        if (state.waitsForOwnVote() || state.isResting) {
            return Long.MAX_VALUE;
        }
        long due = Long.MAX_VALUE;
        for (int i = 0; i < state.peers.count(); i++) {
            due = Math.min(due, nextDueNs(state.peers.peer(i)));
        }
        return due;
    }

    @HotPath
    private long nextDueNs(Progress peer) {
        long due = heartbeatDueNs(peer);
        if (peer.state() != ProgressState.REPLICATE) {
            // An unanswered probe is repeated; one that is not even asked found no room in the output.
            return peer.probeOutstanding()
                    ? Math.min(due, peer.lastSentNs() + probeTimeoutNs(peer) + 1)
                    : Long.MIN_VALUE;
        }
        if (peer.inflight().count() > 0) {
            due = Math.min(due, peer.inflight().oldestSentNs() + retransmitTimeoutNs(peer) + 1);
        }
        // Whether the window or the output was full, the next tick is soon enough to look again.
        return peer.next() <= state.log.lastIndex() ? Long.MIN_VALUE : due;
    }

    private boolean isOverdue(Progress peer, long nowNs) {
        return nowNs - peer.lastSentNs() > probeTimeoutNs(peer);
    }

    /** Probes are repeated, each time after twice as long. */
    private long probeTimeoutNs(Progress peer) {
        return retransmitTimeoutNs(peer) << Math.min(peer.probesUnanswered(), 10);
    }

    private boolean isHeartbeatDue(Progress peer, long nowNs) {
        return nowNs >= heartbeatDueNs(peer);
    }

    /**
     * An interval after the last word to the peer; but where heartbeats share frames it is the next whole interval of the
     * node's clock, which is no later and the same for all groups: or each would fill a frame of its own.
     */
    @HotPath
    private long heartbeatDueNs(Progress peer) {
        long intervalNs = state.config.timing().heartbeatIntervalNs();
        if (inFrames && peer.takesFrames()) {
            return (Math.floorDiv(peer.lastSentNs(), intervalNs) + 1) * intervalNs;
        }
        return peer.lastSentNs() + intervalNs;
    }

    /** A quiet follower learns of a commit at once rather than with the next heartbeat. */
    private boolean owesCommit(Progress peer) {
        return peer.commitSent() < state.commitIndex;
    }

    private long retransmitTimeoutNs(Progress peer) {
        RaftTiming timing = state.config.timing();
        long measured = peer.roundTripNs() * timing.retransmitRoundTrips();
        return Math.min(Math.max(measured, timing.minRetransmitTimeoutNs()), timing.electionTimeoutNs() / 2);
    }
}
