package io.grape.raft.core;

import io.grape.codecs.sbe.BooleanType;
import io.grape.codecs.sbe.VoteReplyDecoder;
import io.grape.raft.core.membership.Membership;
import io.grape.raft.core.quorum.VoteResult;

/**
 * The candidate's side of an election, before and after its term is raised.
 *
 * <p>Paper, section 5.2; thesis, section 9.6. Thread: the group's pipeline. Decides nothing about roles: it reports the
 * count and {@link RaftGroup} draws the conclusion.
 */
final class Election {
    private final RaftState state;
    private final RaftPublisher publisher;

    Election(RaftState state, RaftPublisher publisher) {
        this.state = state;
        this.publisher = publisher;
    }

    /** Asks whether a vote in the next term would be given. Nothing is staged and no term is raised. */
    VoteResult askPreVotes(RaftOutput out) {
        return ask(state.term + 1, true, false, out.sendNow());
    }

    /**
     * Asks for votes in the term just raised; the requests wait until our own vote is durable.
     *
     * @param transfer whether the leader asked for this election, so that voters need not protect it
     */
    VoteResult askVotes(boolean transfer, RaftOutput out) {
        return ask(state.term, false, transfer, state.rules.voteRequests(out));
    }

    private VoteResult ask(long electionTerm, boolean preVote, boolean transfer, MessageList list) {
        Membership membership = state.membership();
        state.tally.begin(membership);
        state.tally.answer(state.config.nodeId(), true);
        for (int i = 0; i < membership.memberCount(); i++) {
            int nodeId = membership.member(i);
            if (nodeId != state.config.nodeId() && membership.isVoter(nodeId)) {
                publisher.voteRequest(list, nodeId, electionTerm, preVote, transfer);
            }
        }
        return state.tally.result(membership);
    }

    /** Counts an answer that belongs to the election under way. */
    VoteResult onReply(VoteReplyDecoder reply) {
        boolean preVote = reply.preVoteRaw() == BooleanType.TRUE.value();
        boolean granted = reply.grantedRaw() == BooleanType.TRUE.value();
        long expectedTerm = preVote && granted ? state.term + 1 : state.term;
        if (preVote != (state.role == Role.PRE_CANDIDATE) || !state.rules.answerCounts(reply.term(), expectedTerm)) {
            state.counters.stale++;
            return VoteResult.PENDING;
        }
        state.tally.answer(reply.sourceNodeId(), granted);
        return state.tally.result(state.membership());
    }
}
