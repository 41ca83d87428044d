package io.grape.raft.core;

import io.grape.codecs.sbe.BooleanType;
import io.grape.codecs.sbe.VoteRequestDecoder;

/**
 * Answers RequestVote: one vote a term, only to a log at least as new, and not while a leader is alive.
 *
 * <p>Paper, sections 5.2 and 5.4.1; thesis, sections 4.2.3 (stickiness) and 9.6 (pre-vote). Thread: the group's pipeline.
 * A vote leaves through {@code sendOnceDurable}; refusals and pre-votes claim nothing of the disk and leave at once. The
 * term gate has passed: for a real vote the request's term is at most ours.
 */
final class VoteRequestHandler {
    private final RaftState state;
    private final RaftPublisher publisher;

    VoteRequestHandler(RaftState state, RaftPublisher publisher) {
        this.state = state;
        this.publisher = publisher;
    }

    /** Promises a vote, or refuses. Changes no state, so that it can neither disturb a term nor be owed to the disk. */
    void onPreVote(VoteRequestDecoder request, long nowNs, RaftOutput out) {
        int candidate = request.sourceNodeId();
        if (state.leaderIsAlive(nowNs) && request.term() > state.term) {
            state.counters.sticky++;
            return;
        }
        boolean granted = request.term() > state.term && isUpToDate(request);
        publisher.voteReply(out.sendNow(), candidate, granted ? request.term() : state.term, granted, true);
    }

    /** Gives the vote of this term, or refuses it. */
    void onVote(VoteRequestDecoder request, long nowNs, RaftOutput out) {
        int candidate = request.sourceNodeId();
        boolean granted = request.term() == state.term
                && state.rules.mayVote(state.votedFor, candidate)
                && state.lives.mayVoteAgainFor(state.votedFor, state.term, request.diskId())
                && (state.leaderNodeId == RaftGroup.NO_NODE || state.leaderNodeId == candidate)
                && isUpToDate(request);
        if (state.rules.putsElectionOff(granted)) {
            state.resetElectionTimer(nowNs);
        }
        if (!granted) {
            publisher.voteReply(out.sendNow(), candidate, state.term, false, false);
            return;
        }
        if (state.votedFor != candidate) {
            state.votedFor = candidate;
            state.stageHardState();
        }
        state.lives.votedFor(state.term, request.diskId());
        publisher.voteReply(state.rules.voteReplies(out), candidate, state.term, true, false);
    }

    /** Returns whether the request must be ignored because a leader is alive. */
    boolean isSticky(VoteRequestDecoder request, long nowNs) {
        return state.rules.isSticky(
                state.leaderIsAlive(nowNs), request.leadershipTransferRaw() == BooleanType.TRUE.value());
    }

    /** Returns whether the candidate's log holds what ours does not. */
    boolean isNewer(VoteRequestDecoder request) {
        boolean same = request.lastLogTerm() == state.lastTerm() && request.lastLogIndex() == state.log.lastIndex();
        return !same && isUpToDate(request);
    }

    private boolean isUpToDate(VoteRequestDecoder request) {
        return state.rules.isUpToDate(
                request.lastLogTerm(), request.lastLogIndex(), state.lastTerm(), state.log.lastIndex());
    }
}
