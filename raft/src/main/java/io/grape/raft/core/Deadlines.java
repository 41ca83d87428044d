package io.grape.raft.core;

import io.grape.codecs.HotPath;
import io.grape.raft.core.progress.Measure;

/**
 * Knows when a replica has something to do although nothing happens, so that its owner need not ask all the time.
 *
 * <p>Thread: the group's pipeline. Decides nothing.
 */
final class Deadlines {
    private final RaftState state;
    private final Replicator replicator;

    Deadlines(RaftState state, Replicator replicator) {
        this.state = state;
        this.replicator = replicator;
    }

    /** Whether a leader has not heard a quorum for an election timeout. Thesis, section 6.2. */
    @HotPath
    boolean isQuorumLost(long nowNs) {
        long heardNs = state.peers.reached(Measure.CONTACT, nowNs);
        return nowNs - heardNs > state.config.timing().electionTimeoutNs();
    }

    /** Returns the next time; {@link Long#MIN_VALUE} for the next tick, {@link Long#MAX_VALUE} for never. */
    @HotPath
    long nextDueNs() {
        if (state.isResting) {
            return Long.MAX_VALUE;
        }
        if (state.role != Role.LEADER) {
            return state.electionDeadlineNs;
        }
        if (state.transferTarget != RaftGroup.NO_NODE) {
            return Long.MIN_VALUE;
        }
        return Math.min(replicator.nextDueNs(), quorumLostNs());
    }

    @HotPath
    private long quorumLostNs() {
        long heardNs = state.peers.count() == 0 ? Long.MAX_VALUE : state.peers.reached(Measure.CONTACT, Long.MAX_VALUE);
        // A leader whose own vote is enough never loses its quorum.
        return heardNs == Long.MAX_VALUE
                ? Long.MAX_VALUE
                : heardNs + state.config.timing().electionTimeoutNs() + 1;
    }
}
