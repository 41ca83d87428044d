package io.grape.raft.core;

import io.grape.codecs.HotPath;
import io.grape.codecs.sbe.AppendEntriesDecoder;
import io.grape.codecs.sbe.AppendReplyDecoder;
import io.grape.codecs.sbe.BooleanType;
import io.grape.codecs.sbe.EntryType;
import io.grape.codecs.sbe.VoteReplyDecoder;
import io.grape.codecs.sbe.VoteRequestDecoder;
import io.grape.raft.core.membership.Membership;
import io.grape.raft.core.progress.Measure;
import io.grape.raft.core.progress.Progress;
import io.grape.raft.core.quorum.VoteResult;
import io.grape.raft.core.read.ReadQueue;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * One replica of one Raft group: the term gate, the switch by message, and the only place where roles change.
 *
 * <p>Deterministic: the same construction and the same calls give the same outputs. Thread: the group's pipeline, for every
 * method. Nothing here blocks, and in steady state nothing allocates. A batch of calls ends with {@link #endOfBatch}; then
 * the owner sends {@code sendNow}, makes what is staged in the log durable, sends {@code sendOnceDurable} and calls
 * {@link #onDurable}.
 *
 * <p>Paper, figures 2 and 4.
 */
public final class RaftGroup {
    /** No node: nobody voted for, or no leader known. */
    public static final int NO_NODE = -1;

    /** {@link #propose}: this replica does not lead; {@link #leaderNodeId()} is a hint. */
    public static final long NOT_LEADER = -1;

    /** {@link #propose}: too many bytes are uncommitted; try again later. */
    public static final long BACK_PRESSURE = -2;

    /** {@link #propose}: this replica leads but takes nothing yet, or nothing any more; try again soon. */
    public static final long NOT_READY = -3;

    /** {@link #propose}: the payload is longer than an append may be. */
    public static final long TOO_LARGE = -4;

    /** What an uncommitted entry costs besides its payload. */
    static final int ENTRY_OVERHEAD_BYTES = 64;

    private static final DirectBuffer NOTHING = new UnsafeBuffer(new byte[0]);

    private final RaftState state;
    private final RaftPublisher publisher;
    private final RaftAdapter adapter = new RaftAdapter();
    private final VoteRequestHandler voteRequests;
    private final Election election;
    private final AppendEntriesHandler appends;
    private final AppendReplyHandler appendReplies;
    private final Replicator replicator;

    /**
     * @param log       recovered; everything in it is durable
     * @param recovered hard state that belongs to the log
     * @param nowNs     injected monotonic clock, nanoseconds
     * @throws IllegalArgumentException if the hard state claims more than the log holds
     */
    public RaftGroup(RaftConfig config, RaftLog log, HardState recovered, long nowNs) {
        this(config, log, recovered, nowNs, RaftRules.PAPER);
    }

    RaftGroup(RaftConfig config, RaftLog log, HardState recovered, long nowNs, RaftRules rules) {
        if (recovered.commitIndex() > log.lastIndex()) {
            throw new IllegalArgumentException(
                    "commitIndex=" + recovered.commitIndex() + " is beyond the log's lastIndex=" + log.lastIndex());
        }
        if (recovered.term() < log.termAt(log.lastIndex())) {
            throw new IllegalArgumentException("term=" + recovered.term() + " is older than the log's last entry's "
                    + log.termAt(log.lastIndex()));
        }
        state = new RaftState(config, log, rules, recovered);
        publisher = new RaftPublisher(state);
        voteRequests = new VoteRequestHandler(state, publisher);
        election = new Election(state, publisher);
        appends = new AppendEntriesHandler(state, publisher, adapter);
        appendReplies = new AppendReplyHandler(state);
        replicator = new Replicator(state, publisher);
        state.resetElectionTimer(nowNs);
    }

    /**
     * Takes one Raft message, header included. What is malformed, foreign or stale is counted and otherwise ignored.
     *
     * @param message valid during this call
     */
    @HotPath
    public void step(DirectBuffer message, int offset, int length, long nowNs, RaftOutput out) {
        switch (adapter.wrap(message, offset, length)) {
            case VoteRequestDecoder.TEMPLATE_ID -> onVoteRequest(adapter.voteRequest, nowNs, out);
            case VoteReplyDecoder.TEMPLATE_ID -> onVoteReply(adapter.voteReply, nowNs, out);
            case AppendEntriesDecoder.TEMPLATE_ID -> onAppendEntries(adapter.appendEntries, message, nowNs, out);
            case AppendReplyDecoder.TEMPLATE_ID -> onAppendReply(adapter.appendReply, nowNs, out);
            default -> state.counters.malformed++;
        }
    }

    private void onVoteRequest(VoteRequestDecoder request, long nowNs, RaftOutput out) {
        if (isForeign(request.groupId(), request.sourceNodeId())) {
            return;
        }
        if (request.preVoteRaw() == BooleanType.TRUE.value()) {
            voteRequests.onPreVote(request, nowNs, out);
            return;
        }
        if (request.term() > state.term) {
            if (voteRequests.isSticky(request, nowNs)) {
                state.counters.sticky++;
                return;
            }
            becomeFollower(request.term(), NO_NODE, RoleReason.NEWER_TERM, nowNs, out);
        }
        voteRequests.onVote(request, nowNs, out);
    }

    private void onVoteReply(VoteReplyDecoder reply, long nowNs, RaftOutput out) {
        if (isForeign(reply.groupId(), reply.sourceNodeId())) {
            return;
        }
        boolean promise =
                reply.preVoteRaw() == BooleanType.TRUE.value() && reply.grantedRaw() == BooleanType.TRUE.value();
        if (reply.term() > state.term && !promise) {
            becomeFollower(reply.term(), NO_NODE, RoleReason.NEWER_TERM, nowNs, out);
            return;
        }
        if (state.role == Role.PRE_CANDIDATE || state.role == Role.CANDIDATE) {
            conclude(election.onReply(reply), nowNs, out);
        }
    }

    @HotPath
    private void onAppendEntries(AppendEntriesDecoder append, DirectBuffer message, long nowNs, RaftOutput out) {
        int source = append.sourceNodeId();
        if (isForeign(append.groupId(), source)) {
            return;
        }
        if (append.term() < state.term) {
            state.counters.stale++;
            publisher.staleTerm(out.sendNow(), source, append.requestId());
            return;
        }
        if (append.term() == state.term && state.role == Role.LEADER) {
            state.counters.foreign++;
            return;
        }
        if (append.term() > state.term || state.role != Role.FOLLOWER || state.leaderNodeId != source) {
            becomeFollower(append.term(), source, RoleReason.LEADER_HEARD, nowNs, out);
        }
        state.lastLeaderContactNs = nowNs;
        state.resetElectionTimer(nowNs);
        appends.onAppend(append, message, out);
    }

    @HotPath
    private void onAppendReply(AppendReplyDecoder reply, long nowNs, RaftOutput out) {
        if (isForeign(reply.groupId(), reply.sourceNodeId())) {
            return;
        }
        if (reply.term() > state.term) {
            becomeFollower(reply.term(), NO_NODE, RoleReason.NEWER_TERM, nowNs, out);
            return;
        }
        Progress peer = state.peers.find(reply.sourceNodeId());
        if (state.role != Role.LEADER || peer == null || !state.rules.answerCounts(reply.term(), state.term)) {
            state.counters.stale++;
            return;
        }
        if (appendReplies.onReply(reply, peer, nowNs)) {
            onCommitAdvanced();
        }
        state.confirmReads(out);
    }

    /** Lets time pass: elections, and the end of a leader that hears no quorum. {@link #endOfBatch} must follow. */
    @HotPath
    public void tick(long nowNs, RaftOutput out) {
        if (state.role == Role.LEADER) {
            long heardNs = state.peers.reached(Measure.CONTACT, nowNs);
            if (nowNs - heardNs > state.config.timing().electionTimeoutNs()) {
                becomeFollower(state.term, NO_NODE, RoleReason.QUORUM_LOST, nowNs, out);
            }
        } else if (nowNs >= state.electionDeadlineNs) {
            seekElection(nowNs, out);
        }
    }

    private void seekElection(long nowNs, RaftOutput out) {
        state.resetElectionTimer(nowNs);
        if (state.maySeekElection()) {
            become(Role.PRE_CANDIDATE, state.term, NO_NODE, RoleReason.ELECTION_TIMEOUT, nowNs, out);
            conclude(election.askPreVotes(out), nowNs, out);
        }
    }

    private void conclude(VoteResult result, long nowNs, RaftOutput out) {
        if (result == VoteResult.LOST) {
            becomeFollower(state.term, NO_NODE, RoleReason.ELECTION_LOST, nowNs, out);
        } else if (result == VoteResult.WON && state.role == Role.CANDIDATE) {
            lead(nowNs, out);
        } else if (result == VoteResult.WON) {
            state.counters.elections++;
            become(Role.CANDIDATE, state.term + 1, NO_NODE, RoleReason.PRE_VOTE_WON, nowNs, out);
            if (election.askVotes(out) == VoteResult.WON) {
                lead(nowNs, out);
            }
        }
    }

    /** Takes office: a no-op begins the term (section 8), and nothing is assumed of any peer (figure 2). */
    private void lead(long nowNs, RaftOutput out) {
        become(Role.LEADER, state.term, state.config.nodeId(), RoleReason.ELECTION_WON, nowNs, out);
        Membership membership = state.membership();
        state.electedAlone = membership.incomingCount() == 1 && !membership.isJoint();
        for (int i = 0; i < state.peers.count(); i++) {
            state.peers
                    .peer(i)
                    .reset(state.log.lastIndex(), state.config.timing().heartbeatIntervalNs(), nowNs);
        }
        state.reads.reset();
        state.uncommittedBytes = 0;
        state.termStartIndex = state.log.lastIndex() + 1;
        state.log.append(state.termStartIndex, state.term, EntryType.NO_OP.value(), NOTHING, 0, 0);
    }

    private void becomeFollower(long term, int leader, RoleReason reason, long nowNs, RaftOutput out) {
        become(Role.FOLLOWER, term, leader, reason, nowNs, out);
    }

    /** The one transition. A raised term clears the vote, and both are staged before anything can depend on them. */
    private void become(Role role, long term, int leader, RoleReason reason, long nowNs, RaftOutput out) {
        assert term >= state.term : "a term never falls";
        assert role != Role.LEADER || state.role == Role.CANDIDATE : "only a candidate becomes leader";
        if (state.role == Role.LEADER && role != Role.LEADER) {
            failReads(out);
        }
        if (role != state.role) {
            out.roleHasChanged();
            // A message that is no leader's must not put an election off, so a newer term alone keeps the deadline.
            if (state.role == Role.LEADER || role != Role.FOLLOWER || reason == RoleReason.ELECTION_LOST) {
                state.resetElectionTimer(nowNs);
            }
        }
        if (leader != state.leaderNodeId) {
            out.leaderHasChanged();
        }
        state.role = role;
        state.roleReason = reason;
        state.leaderNodeId = leader;
        if (term > state.term) {
            state.term = term;
            state.votedFor = role == Role.CANDIDATE ? state.config.nodeId() : NO_NODE;
            state.stageHardState();
        }
    }

    /**
     * Appends an entry to the leader's log; it is sent at the end of the batch.
     *
     * @param entryType SBE value of {@code EntryType}
     * @return the entry's index, or {@link #NOT_LEADER}, {@link #BACK_PRESSURE}, {@link #NOT_READY}, {@link #TOO_LARGE}
     */
    @HotPath
    public long propose(short entryType, DirectBuffer payload, int offset, int length, long nowNs, RaftOutput out) {
        if (state.role != Role.LEADER) {
            return NOT_LEADER;
        }
        if (state.waitsForOwnVote()) {
            return NOT_READY;
        }
        RaftLimits limits = state.config.limits();
        if (length > limits.maxBytesPerAppend()) {
            return TOO_LARGE;
        }
        long cost = (long) length + ENTRY_OVERHEAD_BYTES;
        if (state.uncommittedBytes > 0 && state.uncommittedBytes + cost > limits.maxUncommittedBytes()) {
            return BACK_PRESSURE;
        }
        long index = state.log.lastIndex() + 1;
        state.log.append(index, state.term, entryType, payload, offset, length);
        state.uncommittedBytes += cost;
        return index;
    }

    /**
     * The log is durable through this entry, and all that was staged before it.
     *
     * @param term of the entry; if the log now holds another one there, the call is ignored
     */
    @HotPath
    public void onDurable(long term, long index, long nowNs, RaftOutput out) {
        if (index <= state.durableIndex) {
            return;
        }
        if (!state.rules.durableAckStands(state.log.termAt(index), term)) {
            state.counters.staleDurableAcks++;
            return;
        }
        state.durableIndex = index;
        if (state.role == Role.LEADER && state.advanceCommit()) {
            onCommitAdvanced();
            state.confirmReads(out);
        }
    }

    /**
     * Asks for an index that makes a read linearizable; it comes back in {@code out.reads()} with the token.
     *
     * @return false if this replica does not lead or holds too many reads; the token then never comes back
     */
    @HotPath
    public boolean readIndex(long token, long nowNs, RaftOutput out) {
        if (state.role != Role.LEADER) {
            return false;
        }
        boolean mayRead = state.rules.mayRead(state.commitIndex, state.termStartIndex);
        return state.reads.add(token, mayRead ? state.commitIndex : ReadQueue.HELD);
    }

    /** Ends a batch: a leader writes to its peers, before its own log goes to disk. */
    @HotPath
    public void endOfBatch(long nowNs, RaftOutput out) {
        if (state.role == Role.LEADER) {
            replicator.replicate(nowNs, out);
            state.confirmReads(out);
        }
        state.stageCommitIfBatchIsWritten();
    }

    private void onCommitAdvanced() {
        if (state.rules.mayRead(state.commitIndex, state.termStartIndex)) {
            state.reads.release(state.commitIndex);
        }
    }

    private void failReads(RaftOutput out) {
        while (state.reads.count() > 0) {
            out.reads().failed(state.reads.token());
            state.reads.remove();
        }
    }

    private boolean isForeign(int groupId, int sourceNodeId) {
        if (groupId == state.config.groupId() && sourceNodeId >= 0 && sourceNodeId != state.config.nodeId()) {
            return false;
        }
        state.counters.foreign++;
        return true;
    }

    /** Returns the role. */
    public Role role() {
        return state.role;
    }

    /** Returns why the role was last taken. */
    public RoleReason roleReason() {
        return state.roleReason;
    }

    /** Returns the current term. */
    public long term() {
        return state.term;
    }

    /** Returns the leader of the current term, or {@link #NO_NODE}. */
    public int leaderNodeId() {
        return state.leaderNodeId;
    }

    /** Returns the node voted for in the current term, or {@link #NO_NODE}. */
    public int votedFor() {
        return state.votedFor;
    }

    /** Returns the highest index known to be committed. */
    public long commitIndex() {
        return state.commitIndex;
    }

    /** Returns the last index of the log, staged entries included. */
    public long lastIndex() {
        return state.log.lastIndex();
    }

    /** Returns the highest index known to be durable here. */
    public long durableIndex() {
        return state.durableIndex;
    }

    /** Returns the bytes of proposals that wait for commit. */
    public long uncommittedBytes() {
        return state.uncommittedBytes;
    }

    /** Returns the index of this leader's first entry; meaningful for a leader. */
    public long termStartIndex() {
        return state.termStartIndex;
    }

    /** Returns the members. */
    public Membership membership() {
        return state.membership();
    }

    /** Returns the configuration that the replica was built with. */
    public RaftConfig config() {
        return state.config;
    }

    /** Returns the counters. */
    public RaftCounters counters() {
        return state.counters;
    }

    RaftState state() {
        return state;
    }
}
