package io.grape.raft.core;

import io.grape.codecs.HotPath;
import io.grape.codecs.sbe.AppendOutcome;
import io.grape.codecs.sbe.AppendReplyDecoder;
import io.grape.raft.core.progress.Progress;

/**
 * Takes a follower's answer to an append.
 *
 * <p>Paper, section 5.3. Thread: the group's pipeline. Allocates nothing. The term gate has passed: this replica leads the
 * term of the answer. Match indices only rise, and only by answers of this term; a conflict moves next back only if it
 * answers a request that still stands.
 */
final class AppendReplyHandler {
    private final RaftState state;

    AppendReplyHandler(RaftState state) {
        this.state = state;
    }

    /** @return whether the commit index rose */
    @HotPath
    boolean onReply(AppendReplyDecoder reply, Progress peer, long nowNs) {
        short outcome = reply.outcomeRaw();
        if (outcome == AppendOutcome.ACCEPTED.value()) {
            if (reply.matchIndex() > state.log.lastIndex()) {
                state.counters.malformed++;
                return false;
            }
            peer.answered(reply.requestId(), reply.readId(), nowNs);
            return peer.accepted(reply.requestId(), reply.matchIndex()) && state.advanceCommit();
        }
        if (outcome == AppendOutcome.CONFLICT.value()) {
            peer.answered(reply.requestId(), reply.readId(), nowNs);
            if (state.rules.conflictCounts(peer.conflictStands(reply.requestId()))) {
                peer.probe(backUp(reply, peer));
            } else {
                state.counters.stale++;
            }
        }
        return false;
    }

    /**
     * Section 5.3: skips a term a round trip. If we hold entries of the follower's term the logs may meet at the last of
     * them; otherwise nothing that the follower has of that term can stay.
     */
    @HotPath
    private long backUp(AppendReplyDecoder reply, Progress peer) {
        long hintTerm = reply.hintTerm();
        long hintIndex = reply.hintIndex();
        if (hintTerm > 0) {
            long low = Math.max(state.log.firstIndex(), peer.match() + 1);
            long high = Math.min(peer.next() - 1, state.log.lastIndex());
            if (low <= high) {
                long last = TermSearch.lastAtMost(state.log, hintTerm, low, high);
                if (last >= low && state.log.termAt(last) == hintTerm) {
                    // Next must still fall, or the same probe would be refused for ever.
                    return Math.min(last + 1, Math.max(peer.next() - 1, hintIndex));
                }
            }
        }
        return Math.min(hintIndex, state.log.lastIndex() + 1);
    }
}
