package io.grape.raft.core;

import io.grape.codecs.HotPath;
import io.grape.raft.core.liveness.BeatAdapter;
import io.grape.raft.core.progress.Progress;

/**
 * Takes one group's heartbeat, or the answer to it, out of a frame that many groups share.
 *
 * <p>Paper, section 5.2; reads: section 8 and thesis, section 6.4. Thread: the group's pipeline. Allocates nothing. The term
 * gate has passed. An answer says that its sender still follows this leader, and nothing of its disk; so it leaves at once,
 * where the answer to an append would wait for a force.
 */
final class HeartbeatHandler {
    private final RaftState state;
    private final Hibernation hibernation;

    HeartbeatHandler(RaftState state, Hibernation hibernation) {
        this.state = state;
        this.hibernation = hibernation;
    }

    /** Follower: commits as far as the logs are known to be the same, and answers. */
    @HotPath
    void onHeartbeat(BeatAdapter beat, RaftOutput out) {
        long index = beat.index();
        long lastIndex = state.log.lastIndex();
        if (state.rules.heartbeatCommits(state.log.termAt(index), beat.indexTerm())) {
            state.commitIndex = state.rules.followerCommit(state.commitIndex, index, index, lastIndex);
            state.trace.committedTo(state.commitIndex);
        }
        state.trace.beatSent(true, beat.sourceNodeId(), state.term, 0, 0);
        out.answers()
                .add(
                        beat.sourceNodeId(),
                        state.config.groupId(),
                        state.term,
                        0,
                        0,
                        beat.requestId(),
                        beat.readId(),
                        hibernation.onHeartbeat(beat.state(), index));
    }

    /** Leader: the peer is there, and follows. */
    @HotPath
    void onAnswer(BeatAdapter beat, Progress peer, long nowNs) {
        peer.answered(beat.requestId(), beat.readId(), nowNs);
        hibernation.onAnswer(beat.state(), beat.requestId(), peer, nowNs);
    }
}
