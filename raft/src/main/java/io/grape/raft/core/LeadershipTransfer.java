package io.grape.raft.core;

import io.grape.raft.core.progress.Progress;
import org.jspecify.annotations.Nullable;

/**
 * Hands leadership to a voter that has caught up. Thesis, section 3.10.
 *
 * <p>Thread: the group's pipeline. While it goes on nothing is accepted, so that the target can catch up; after an election
 * timeout it is given up and proposals are taken again. The lease is not: the target may still stand.
 */
final class LeadershipTransfer {
    private final RaftState state;
    private final RaftPublisher publisher;
    private long lastAskedNs;
    private boolean asked;

    LeadershipTransfer(RaftState state, RaftPublisher publisher) {
        this.state = state;
        this.publisher = publisher;
    }

    /** @return false if the target is not another voter */
    boolean begin(int target, long nowNs) {
        int chosen = target == RaftGroup.NO_NODE ? mostCaughtUp(nowNs) : target;
        if (chosen == state.config.nodeId() || !state.membership().isIncoming(chosen)) {
            return false;
        }
        state.transferTarget = chosen;
        state.transferDeadlineNs = nowNs + state.config.timing().electionTimeoutNs();
        state.leaseGivenUp = true;
        asked = false;
        return true;
    }

    /** At the end of a batch: asks the target to stand once it holds the whole log, or gives up. */
    void proceed(long nowNs, RaftOutput out) {
        Progress peer = state.transferTarget == RaftGroup.NO_NODE ? null : state.peers.find(state.transferTarget);
        if (peer == null || nowNs >= state.transferDeadlineNs) {
            state.transferTarget = RaftGroup.NO_NODE;
            return;
        }
        boolean again = asked && nowNs - lastAskedNs < state.config.timing().heartbeatIntervalNs();
        if (!again && peer.match() == state.log.lastIndex()) {
            ask(peer, out);
            asked = true;
            lastAskedNs = nowNs;
        }
    }

    /** A leader that is no voter any more names its successor, so that nobody has to wait for a timeout. */
    void resign(long nowNs, RaftOutput out) {
        Progress peer = state.peers.find(mostCaughtUp(nowNs));
        if (peer != null && peer.match() == state.log.lastIndex()) {
            ask(peer, out);
        }
    }

    private void ask(@Nullable Progress peer, RaftOutput out) {
        if (peer != null) {
            state.counters.transfers++;
            publisher.timeoutNow(out.sendNow(), peer.nodeId());
        }
    }

    /** Of the voters that were heard lately the one that holds most; if none was, of all. */
    private int mostCaughtUp(long nowNs) {
        int best = RaftGroup.NO_NODE;
        long bestMatch = -1;
        boolean bestAlive = false;
        for (int i = 0; i < state.peers.count(); i++) {
            Progress peer = state.peers.peer(i);
            boolean alive =
                    nowNs - peer.lastContactNs() <= state.config.timing().electionTimeoutNs();
            boolean better = alive == bestAlive ? peer.match() > bestMatch : alive;
            if (state.membership().isIncoming(peer.nodeId()) && better) {
                best = peer.nodeId();
                bestMatch = peer.match();
                bestAlive = alive;
            }
        }
        return best;
    }
}
