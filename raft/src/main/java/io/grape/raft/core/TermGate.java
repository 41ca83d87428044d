package io.grape.raft.core;

import io.grape.codecs.HotPath;
import io.grape.codecs.sbe.AppendEntriesDecoder;
import io.grape.codecs.sbe.AppendReplyDecoder;
import io.grape.codecs.sbe.BooleanType;
import io.grape.codecs.sbe.EntryType;
import io.grape.codecs.sbe.InstallSnapshotDecoder;
import io.grape.codecs.sbe.InstallSnapshotReplyDecoder;
import io.grape.codecs.sbe.IntroductionDecoder;
import io.grape.codecs.sbe.TimeoutNowDecoder;
import io.grape.codecs.sbe.VoteReplyDecoder;
import io.grape.codecs.sbe.VoteRequestDecoder;
import io.grape.raft.core.liveness.BeatAdapter;
import io.grape.raft.core.membership.Membership;
import io.grape.raft.core.progress.Progress;
import io.grape.raft.core.quorum.VoteResult;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Compares the term of every message with ours before anything else of it is believed, hands it to its handler, and is the
 * only place where roles change.
 *
 * <p>Paper, figure 2, "Rules for Servers", and figure 4. Thread: the group's pipeline. A newer term is taken from a leader,
 * from a candidate that no live leader protects us from, or from an answer to something that we are still asking; never
 * from an answer that came too late, or a follower could be made to break the promise that leases rest on.
 */
final class TermGate {
    /** Schema version from which a node understands heartbeats in frames. */
    private static final int FRAMES_SINCE_VERSION = 2;

    private static final DirectBuffer NOTHING = new UnsafeBuffer(new byte[0]);

    private final RaftState state;
    private final RaftPublisher publisher;
    private final RaftAdapter adapter = new RaftAdapter();
    private final Admission admission;
    private final Introductions introductions;
    private final VoteRequestHandler voteRequests;
    private final Election election;
    private final AppendEntriesHandler appends;
    private final AppendReplyHandler appendReplies;
    private final Hibernation hibernation;
    private final HeartbeatHandler heartbeats;
    private final InstallSnapshotHandler installs;
    private final SnapshotSender snapshots;
    private final Replicator replicator;
    private final Deadlines deadlines;
    private final LeadershipTransfer transfer;
    private final MembershipChange membershipChange;

    TermGate(RaftState state, long nowNs) {
        this.state = state;
        publisher = new RaftPublisher(state);
        admission = new Admission(state);
        introductions = new Introductions(state, publisher, nowNs);
        voteRequests = new VoteRequestHandler(state, publisher);
        election = new Election(state, publisher);
        appends = new AppendEntriesHandler(state, publisher, adapter);
        appendReplies = new AppendReplyHandler(state);
        hibernation = new Hibernation(state, nowNs);
        heartbeats = new HeartbeatHandler(state, hibernation);
        installs = new InstallSnapshotHandler(state, publisher, adapter);
        snapshots = new SnapshotSender(state, publisher);
        replicator = new Replicator(state, publisher, snapshots, hibernation);
        deadlines = new Deadlines(state, replicator);
        transfer = new LeadershipTransfer(state, publisher);
        membershipChange = new MembershipChange(state);
    }

    @HotPath
    void step(DirectBuffer message, int offset, int length, long nowNs, RaftOutput out) {
        state.trace.received(message, offset, length);
        boolean rested = hibernation.wakes(nowNs);
        switch (adapter.wrap(message, offset, length)) {
            case AppendEntriesDecoder.TEMPLATE_ID -> onAppendEntries(adapter.appendEntries, message, nowNs, out);
            case AppendReplyDecoder.TEMPLATE_ID -> onAppendReply(adapter.appendReply, nowNs, out);
            case VoteRequestDecoder.TEMPLATE_ID -> onVoteRequest(adapter.voteRequest, nowNs, out);
            case VoteReplyDecoder.TEMPLATE_ID -> onVoteReply(adapter.voteReply, nowNs, out);
            case TimeoutNowDecoder.TEMPLATE_ID -> onTimeoutNow(adapter.timeoutNow, nowNs, out);
            case InstallSnapshotDecoder.TEMPLATE_ID -> onInstallSnapshot(adapter.installSnapshot, message, nowNs, out);
            case InstallSnapshotReplyDecoder.TEMPLATE_ID -> onInstallReply(adapter.installReply, nowNs, out);
            case IntroductionDecoder.TEMPLATE_ID -> onIntroduction(adapter.introduction, nowNs, out);
            default -> state.counters.malformed++;
        }
        if (rested) {
            hibernation.callLeader(nowNs, out);
        }
    }

    /** A leader that learns that it is an old copy of itself leads no longer. */
    private void onIntroduction(IntroductionDecoder message, long nowNs, RaftOutput out) {
        if (introductions.onIntroduction(message, nowNs, out) && state.role != Role.FOLLOWER) {
            becomeFollower(state.term, RaftGroup.NO_NODE, RoleReason.EXCLUDED, nowNs, out);
        }
    }

    /** Takes one group's part of a frame of heartbeats or answers. */
    @HotPath
    void stepFrame(BeatAdapter beat, long nowNs, RaftOutput out) {
        int source = beat.sourceNodeId();
        state.trace.beatReceived(beat.isAnswer(), source, beat.term(), beat.index(), beat.indexTerm());
        if (beat.isAnswer()) {
            if (!admission.admits(beat.groupId(), source, beat.diskId(), beat.incarnation())) {
                return;
            }
            boolean counts = state.rules.heartbeatAnswerCounts(beat.term(), state.term);
            Progress peer = leaderOf(source, beat.term(), counts, nowNs, out);
            if (peer != null) {
                heartbeats.onAnswer(beat, peer, nowNs);
            }
            state.confirmReads(out);
        } else if (!admission.admitsLeader(beat.groupId(), source, beat.diskId(), beat.incarnation())) {
            return;
        } else if (beat.term() <= 0 || beat.index() < 0) {
            state.counters.malformed++;
        } else if (heedsLeader(source, beat.term(), beat.requestId(), nowNs, out)) {
            heartbeats.onHeartbeat(beat, out);
        }
    }

    private void onVoteRequest(VoteRequestDecoder request, long nowNs, RaftOutput out) {
        if (!admission.admitsCandidate(request, voteRequests.isNewer(request))) {
            return;
        }
        if (!state.lives.mayTakePart()) {
            state.counters.votesWithheld++;
            return;
        }
        if (request.preVoteRaw() == BooleanType.TRUE.value()) {
            if (state.rules.preVoteRaisesTerm() && request.term() > state.term) {
                becomeFollower(request.term(), RaftGroup.NO_NODE, RoleReason.NEWER_TERM, nowNs, out);
            }
            voteRequests.onPreVote(request, nowNs, out);
            return;
        }
        if (request.term() > state.term) {
            if (voteRequests.isSticky(request, nowNs)) {
                state.counters.sticky++;
                return;
            }
            becomeFollower(request.term(), RaftGroup.NO_NODE, RoleReason.NEWER_TERM, nowNs, out);
        }
        voteRequests.onVote(request, nowNs, out);
    }

    private void onVoteReply(VoteReplyDecoder reply, long nowNs, RaftOutput out) {
        if (!admission.admits(reply.groupId(), reply.sourceNodeId(), reply.diskId(), reply.incarnation())) {
            return;
        }
        if (state.role != Role.PRE_CANDIDATE && state.role != Role.CANDIDATE) {
            state.counters.stale++;
            return;
        }
        boolean promise =
                reply.preVoteRaw() == BooleanType.TRUE.value() && reply.grantedRaw() == BooleanType.TRUE.value();
        if (reply.term() > state.term && !promise) {
            becomeFollower(reply.term(), RaftGroup.NO_NODE, RoleReason.NEWER_TERM, nowNs, out);
            return;
        }
        conclude(election.onReply(reply), nowNs, out);
    }

    @HotPath
    private void onAppendEntries(AppendEntriesDecoder append, DirectBuffer message, long nowNs, RaftOutput out) {
        if (admission.admitsLeader(append.groupId(), append.sourceNodeId(), append.diskId(), append.incarnation())
                && heedsLeader(append.sourceNodeId(), append.term(), append.requestId(), nowNs, out)) {
            appends.onAppend(append, message, nowNs, out);
        }
    }

    private void onInstallSnapshot(InstallSnapshotDecoder chunk, DirectBuffer message, long nowNs, RaftOutput out) {
        if (admission.admitsLeader(chunk.groupId(), chunk.sourceNodeId(), chunk.diskId(), chunk.incarnation())
                && heedsLeader(chunk.sourceNodeId(), chunk.term(), chunk.requestId(), nowNs, out)) {
            installs.onChunk(chunk, message, nowNs, out);
        }
    }

    /** What only a term's leader sends: it is followed, and puts the election off, unless its term is over. */
    @HotPath
    private boolean heedsLeader(int source, long term, long requestId, long nowNs, RaftOutput out) {
        if (term < state.term) {
            state.counters.stale++;
            publisher.staleTerm(out.sendNow(), source, requestId);
            return false;
        }
        if (term == state.term && state.role == Role.LEADER) {
            state.counters.foreign++;
            return false;
        }
        if (term > state.term || state.role != Role.FOLLOWER || state.leaderNodeId != source) {
            becomeFollower(term, source, RoleReason.LEADER_HEARD, nowNs, out);
        }
        state.lastLeaderContactNs = nowNs;
        state.resetElectionTimer(nowNs);
        return true;
    }

    @HotPath
    private void onAppendReply(AppendReplyDecoder reply, long nowNs, RaftOutput out) {
        if (!admission.admits(reply.groupId(), reply.sourceNodeId(), reply.diskId(), reply.incarnation())) {
            return;
        }
        boolean counts = state.rules.answerCounts(reply.term(), state.term);
        Progress peer = leaderOf(reply.sourceNodeId(), reply.term(), counts, nowNs, out);
        if (peer != null && introductions.noticesLoss(reply, peer, out)) {
            return;
        }
        if (peer != null) {
            peer.takesFrames(adapter.senderVersion() >= FRAMES_SINCE_VERSION);
        }
        if (peer != null && appendReplies.onReply(reply, peer, nowNs)) {
            onCommitAdvanced(nowNs);
        }
        state.confirmReads(out);
    }

    private void onInstallReply(InstallSnapshotReplyDecoder reply, long nowNs, RaftOutput out) {
        if (!admission.admits(reply.groupId(), reply.sourceNodeId(), reply.diskId(), reply.incarnation())) {
            return;
        }
        boolean counts = state.rules.answerCounts(reply.term(), state.term);
        Progress peer = leaderOf(reply.sourceNodeId(), reply.term(), counts, nowNs, out);
        if (peer != null && snapshots.onReply(reply, peer, nowNs)) {
            onCommitAdvanced(nowNs);
        }
        state.confirmReads(out);
    }

    /** The peer that answers this leader in this term; null if the answer does not count, or has ended the term. */
    @HotPath
    private @Nullable Progress leaderOf(int source, long term, boolean counts, long nowNs, RaftOutput out) {
        Progress peer = state.peers.find(source);
        if (state.role == Role.LEADER && term > state.term) {
            becomeFollower(term, RaftGroup.NO_NODE, RoleReason.NEWER_TERM, nowNs, out);
        } else if (state.role == Role.LEADER && peer != null && counts) {
            return peer;
        }
        state.counters.stale++;
        return null;
    }

    private void onTimeoutNow(TimeoutNowDecoder request, long nowNs, RaftOutput out) {
        if (!admission.admitsLeader(
                request.groupId(), request.sourceNodeId(), request.diskId(), request.incarnation())) {
            return;
        }
        boolean fromOurLeader = request.term() == state.term && request.sourceNodeId() == state.leaderNodeId;
        if (!fromOurLeader || state.role != Role.FOLLOWER || !state.maySeekElection()) {
            state.counters.stale++;
            return;
        }
        stand(true, nowNs, out);
    }

    /** The leader is asked for something: it must be awake. */
    @HotPath
    void stir(long nowNs) {
        hibernation.stir(nowNs);
    }

    boolean onNodeGone(int nodeId, long nowNs) {
        return hibernation.onNodeGone(nodeId, nowNs);
    }

    /** Lets time pass: elections, and the end of a leader that hears no quorum. */
    @HotPath
    void tick(long nowNs, RaftOutput out) {
        introductions.tick(nowNs, out);
        if (state.isResting) {
            return;
        }
        if (state.role == Role.LEADER) {
            if (deadlines.isQuorumLost(nowNs)) {
                becomeFollower(state.term, RaftGroup.NO_NODE, RoleReason.QUORUM_LOST, nowNs, out);
            }
        } else if (nowNs >= state.electionDeadlineNs) {
            seekElection(nowNs, out);
        }
    }

    /** Returns when {@link #tick} or {@link #endOfBatch} has something to do although nothing else happened. */
    @HotPath
    long nextDueNs() {
        return Math.min(introductions.nextDueNs(), deadlines.nextDueNs());
    }

    private void seekElection(long nowNs, RaftOutput out) {
        state.resetElectionTimer(nowNs);
        if (state.maySeekElection()) {
            become(Role.PRE_CANDIDATE, state.term, RaftGroup.NO_NODE, RoleReason.ELECTION_TIMEOUT, nowNs, out);
            conclude(election.askPreVotes(out), nowNs, out);
        }
    }

    private void conclude(VoteResult result, long nowNs, RaftOutput out) {
        if (result == VoteResult.LOST) {
            becomeFollower(state.term, RaftGroup.NO_NODE, RoleReason.ELECTION_LOST, nowNs, out);
        } else if (result == VoteResult.WON && state.role == Role.CANDIDATE) {
            lead(nowNs, out);
        } else if (result == VoteResult.WON) {
            stand(false, nowNs, out);
        }
    }

    private void stand(boolean transferred, long nowNs, RaftOutput out) {
        state.counters.elections++;
        RoleReason reason = transferred ? RoleReason.TRANSFER : RoleReason.PRE_VOTE_WON;
        become(Role.CANDIDATE, state.term + 1, RaftGroup.NO_NODE, reason, nowNs, out);
        if (election.askVotes(transferred, out) == VoteResult.WON) {
            lead(nowNs, out);
        }
    }

    /** Takes office: a no-op begins the term (section 8), and nothing is assumed of any peer (figure 2). */
    private void lead(long nowNs, RaftOutput out) {
        become(Role.LEADER, state.term, state.config.nodeId(), RoleReason.ELECTION_WON, nowNs, out);
        Membership membership = state.membership();
        state.electedAlone = membership.incomingCount() == 1 && !membership.isJoint();
        for (int i = 0; i < state.peers.count(); i++) {
            Progress peer = state.peers.peer(i);
            peer.reset(state.log.lastIndex(), state.config.timing().heartbeatIntervalNs(), nowNs);
        }
        state.reads.reset();
        state.uncommittedBytes = 0;
        state.transferTarget = RaftGroup.NO_NODE;
        state.leaseGivenUp = false;
        state.termStartIndex = state.log.lastIndex() + 1;
        if (state.rules.beginsTermWithNoOp()) {
            state.append(state.termStartIndex, state.term, EntryType.NO_OP.value(), NOTHING, 0, 0);
        }
    }

    private void becomeFollower(long term, int leader, RoleReason reason, long nowNs, RaftOutput out) {
        become(Role.FOLLOWER, term, leader, reason, nowNs, out);
    }

    /** The one transition. A raised term clears the vote, and both are staged before anything can depend on them. */
    private void become(Role role, long term, int leader, RoleReason reason, long nowNs, RaftOutput out) {
        assert term >= state.term : "a term never falls";
        assert role != Role.LEADER || state.role == Role.CANDIDATE : "only a candidate becomes leader";
        hibernation.end(nowNs);
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
        state.trace.roleTaken(role, term, leader, reason);
        state.role = role;
        state.roleReason = reason;
        state.leaderNodeId = leader;
        if (term > state.term) {
            state.term = term;
            state.votedFor = role == Role.CANDIDATE ? state.config.nodeId() : RaftGroup.NO_NODE;
            state.stageHardState();
        }
    }

    @HotPath
    void onDurable(long term, long index, long nowNs, RaftOutput out) {
        if (index <= state.durableIndex) {
            return;
        }
        if (!state.rules.durableAckStands(state.log.termAt(index), term)) {
            state.counters.staleDurableAcks++;
            return;
        }
        state.durableIndex = Math.min(index, state.log.lastIndex());
        state.trace.durableTo(state.durableIndex);
        if (state.role == Role.LEADER && state.advanceCommit()) {
            onCommitAdvanced(nowNs);
            state.confirmReads(out);
        }
    }

    /** Ends a batch: a leader writes to its peers, before its own log goes to disk. */
    @HotPath
    void endOfBatch(long nowNs, RaftOutput out) {
        if (state.role == Role.LEADER) {
            membershipChange.bindDisks(nowNs);
            replicator.replicate(nowNs, out);
            state.confirmReads(out);
            if (state.transferTarget != RaftGroup.NO_NODE) {
                transfer.proceed(nowNs, out);
            }
            if (membershipChange.isRemoved()) {
                transfer.resign(nowNs, out);
                becomeFollower(state.term, RaftGroup.NO_NODE, RoleReason.REMOVED, nowNs, out);
            }
        }
        state.lives.forgetRemoved();
        state.endRepairIfDone();
        state.stageCommitIfBatchIsWritten();
    }

    boolean beginTransfer(int target, long nowNs) {
        return transfer.begin(target, nowNs);
    }

    long beginMembershipChange(Membership target, long nowNs) {
        return membershipChange.begin(target, nowNs);
    }

    boolean mayVote(int nodeId) {
        return membershipChange.mayVote(nodeId);
    }

    private void onCommitAdvanced(long nowNs) {
        if (state.rules.mayRead(state.commitIndex, state.termStartIndex)) {
            state.reads.release(state.commitIndex);
        }
        if (state.rules.leavesJointConfiguration()) {
            membershipChange.leaveJoint(nowNs);
        }
    }

    private void failReads(RaftOutput out) {
        while (state.reads.count() > 0) {
            out.reads().failed(state.reads.token());
            state.reads.remove();
        }
    }
}
