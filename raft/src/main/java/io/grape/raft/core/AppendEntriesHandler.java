package io.grape.raft.core;

import io.grape.codecs.HotPath;
import io.grape.codecs.sbe.AppendEntriesDecoder;
import io.grape.codecs.sbe.EntryType;
import io.grape.raft.core.membership.ConfigurationCodec;
import io.grape.raft.core.membership.Membership;
import org.agrona.DirectBuffer;

/**
 * Takes entries from the leader of this term.
 *
 * <p>Paper, section 5.3 and figure 2, "AppendEntries RPC". Thread: the group's pipeline. Allocates nothing. Acceptance
 * leaves through {@code sendOnceDurable}: it claims that all up to the match index is on this disk. A conflict claims
 * nothing and leaves at once. The term gate has passed: the message is of our term.
 */
final class AppendEntriesHandler {
    private final RaftState state;
    private final RaftPublisher publisher;
    private final RaftAdapter adapter;

    AppendEntriesHandler(RaftState state, RaftPublisher publisher, RaftAdapter adapter) {
        this.state = state;
        this.publisher = publisher;
        this.adapter = adapter;
    }

    /**
     * @param append  checked flyweight, valid during this call
     * @param message buffer that the flyweight reads; holds the payloads
     */
    @HotPath
    void onAppend(AppendEntriesDecoder append, DirectBuffer message, long nowNs, RaftOutput out) {
        long prevLogIndex = append.prevLogIndex();
        int leader = append.sourceNodeId();
        if (!holds(prevLogIndex, append.prevLogTerm())) {
            state.counters.conflicts++;
            conflict(prevLogIndex, append, out);
            return;
        }
        int count = adapter.entryCount;
        if (!store(append, message, prevLogIndex, count, nowNs)) {
            return;
        }
        long lastIndex = state.log.lastIndex();
        state.commitIndex =
                state.rules.followerCommit(state.commitIndex, append.leaderCommit(), prevLogIndex + count, lastIndex);
        state.trace.committedTo(state.commitIndex);
        publisher.accepted(
                state.rules.appendReplies(out),
                leader,
                state.rules.matchIndex(prevLogIndex, count, lastIndex),
                append.requestId(),
                append.readId());
    }

    /** Consistency check. What is committed here is in every later leader's log (section 5.4.3), compacted or not. */
    @HotPath
    private boolean holds(long prevLogIndex, long prevLogTerm) {
        long heldTerm = state.log.termAt(prevLogIndex);
        if (heldTerm == RaftLog.NULL_TERM) {
            return prevLogIndex < state.commitIndex;
        }
        return heldTerm == prevLogTerm;
    }

    /** Rules 3 and 4: removes what conflicts and whatever follows it, appends what is new. False if that cannot be. */
    @HotPath
    private boolean store(AppendEntriesDecoder append, DirectBuffer message, long prevLogIndex, int count, long nowNs) {
        RaftLog log = state.log;
        AppendEntriesDecoder.EntriesDecoder entries = append.entries();
        int payloadOffset = adapter.payloadsOffset;
        for (int i = 1; i <= count; i++) {
            entries.next();
            long index = prevLogIndex + i;
            long term = entries.term();
            int length = entries.length();
            long heldTerm = index <= log.lastIndex() ? log.termAt(index) : term;
            boolean conflicts = heldTerm != RaftLog.NULL_TERM && state.rules.conflicts(heldTerm, term);
            if (conflicts && index <= state.commitIndex) {
                state.counters.commitConflicts++;
                return false;
            }
            if (conflicts) {
                state.truncateFrom(index, nowNs);
            }
            if (index > log.lastIndex()
                    && !append(index, term, entries.entryTypeRaw(), message, payloadOffset, length, nowNs)) {
                state.counters.malformed++;
                return false;
            }
            payloadOffset += length;
        }
        return true;
    }

    @HotPath
    private boolean append(
            long index, long term, short entryType, DirectBuffer message, int offset, int length, long nowNs) {
        if (entryType == EntryType.CONFIGURATION.value()) {
            return appendConfiguration(index, term, message, offset, length, nowNs);
        }
        state.append(index, term, entryType, message, offset, length);
        return true;
    }

    private boolean appendConfiguration(
            long index, long term, DirectBuffer message, int offset, int length, long nowNs) {
        Membership membership = ConfigurationCodec.decode(message, offset, length);
        if (membership == null) {
            return false;
        }
        state.append(index, term, EntryType.CONFIGURATION.value(), message, offset, length);
        state.configurationAppended(index, membership, nowNs);
        return true;
    }

    /** Section 5.3, last paragraphs: the term of the conflicting entry and the first index that we store for it. */
    @HotPath
    private void conflict(long prevLogIndex, AppendEntriesDecoder append, RaftOutput out) {
        long lastIndex = state.log.lastIndex();
        long hintTerm = RaftLog.NULL_TERM;
        long hintIndex = lastIndex + 1;
        if (prevLogIndex <= lastIndex) {
            hintTerm = state.log.termAt(prevLogIndex);
            long low = Math.min(Math.max(state.commitIndex, state.log.firstIndex() - 1) + 1, prevLogIndex);
            hintIndex = TermSearch.firstOfTerm(state.log, hintTerm, low, prevLogIndex);
        }
        publisher.conflict(
                out.sendNow(), append.sourceNodeId(), append.requestId(), append.readId(), hintTerm, hintIndex);
    }
}
