package io.grape.raft.core;

import io.grape.codecs.HotPath;
import io.grape.raft.core.membership.Membership;

/**
 * The safety rules, one method each, so that a test can break one and see that the checks notice.
 *
 * <p>Stateless. Production uses {@link #PAPER} and nothing else; the class is open inside this package only.
 */
class RaftRules {
    /** The rules as published. */
    static final RaftRules PAPER = new RaftRules();

    RaftRules() {}

    /** A vote is answered only once (term, vote) is durable. Paper, figure 2, "persistent state". */
    @HotPath
    MessageList voteReplies(RaftOutput out) {
        return out.sendOnceDurable();
    }

    /** A candidate asks for votes only once its own vote is durable. Paper, figure 2. */
    @HotPath
    MessageList voteRequests(RaftOutput out) {
        return out.sendOnceDurable();
    }

    /** A follower acknowledges what is durable. Paper, figure 2: "updated on stable storage before responding". */
    @HotPath
    MessageList appendReplies(RaftOutput out) {
        return out.sendOnceDurable();
    }

    /** What the leader may count of its own log: the durable part. Thesis, section 10.2.1. */
    @HotPath
    long ownMatch(long durableIndex, long lastIndex) {
        return durableIndex;
    }

    /** Only entries of the current term are committed by counting. Paper, section 5.4.2. */
    @HotPath
    boolean mayCommitByCounting(long entryTerm, long currentTerm) {
        return entryTerm == currentTerm;
    }

    /** One vote a term. Paper, section 5.2. */
    boolean mayVote(int votedFor, int candidate) {
        return votedFor == RaftGroup.NO_NODE || votedFor == candidate;
    }

    /** The candidate's log is at least as new as ours. Paper, section 5.4.1. */
    boolean isUpToDate(long candidateLastTerm, long candidateLastIndex, long lastTerm, long lastIndex) {
        return candidateLastTerm > lastTerm || (candidateLastTerm == lastTerm && candidateLastIndex >= lastIndex);
    }

    /** min(leaderCommit, index of last new entry), never back. Paper, figure 2, AppendEntries rule 5. */
    @HotPath
    long followerCommit(long commitIndex, long leaderCommit, long lastNewIndex, long lastIndex) {
        return Math.max(commitIndex, Math.min(leaderCommit, lastNewIndex));
    }

    /** What an accepted append proves: the previous entry and those that came with it, not the end of the log. */
    @HotPath
    long matchIndex(long prevLogIndex, int entryCount, long lastIndex) {
        return prevLogIndex + entryCount;
    }

    /** A heartbeat commits an entry only if the leader's has the same term: then it is the same entry. Paper, section 5.3. */
    @HotPath
    boolean heartbeatCommits(long heldTerm, long leaderEntryTerm) {
        return heldTerm == leaderEntryTerm;
    }

    /** An answer out of a frame counts in the term that it was given in: request ids begin anew with each term. */
    @HotPath
    boolean heartbeatAnswerCounts(long replyTerm, long currentTerm) {
        return replyTerm == currentTerm;
    }

    /** Who rests relies on a node; when that is lost the rest is over. */
    boolean heedsLostNode() {
        return true;
    }

    /** A held entry is removed only if it truly conflicts. Paper, figure 2, AppendEntries rule 3. */
    @HotPath
    boolean conflicts(long heldTerm, long entryTerm) {
        return heldTerm != entryTerm;
    }

    /** A vote request is ignored while a leader is alive. Thesis, section 4.2.3. */
    boolean isSticky(boolean leaderAlive, boolean leadershipTransfer) {
        return leaderAlive && !leadershipTransfer;
    }

    /** A leader begins its term with an entry of its own. Paper, section 8. */
    boolean beginsTermWithNoOp() {
        return true;
    }

    /** A leader that took office reads only after its first commit. Paper, section 8. */
    boolean mayRead(long commitIndex, long termStartIndex) {
        return commitIndex >= termStartIndex;
    }

    /** An acknowledgement of a replaced entry proves nothing about the one in its place. */
    boolean durableAckStands(long heldTerm, long ackTerm) {
        return heldTerm == ackTerm;
    }

    /** Answers count in the term that they were given in, and no other. Paper, section 5.1. */
    @HotPath
    boolean answerCounts(long replyTerm, long currentTerm) {
        return replyTerm == currentTerm;
    }

    /** Who has no vote, and had none when the last commit was made, does not campaign. Thesis, section 4.2. */
    boolean maySeekElection(boolean isVoter) {
        return isVoter;
    }

    /** One change at a time, and none before an entry of this term is committed (Ongaro 2015, raft-dev). */
    boolean mayChangeMembership(boolean changePending, boolean committedInTerm) {
        return !changePending && committedInTerm;
    }

    /** A change of voters passes through a joint configuration. Paper, section 6. */
    Membership nextConfiguration(Membership current, Membership target) {
        return current.towards(target);
    }

    /** A leader that the committed configuration does not hold as a voter steps down. Paper, section 6. */
    boolean mustStepDown(boolean isVoter) {
        return !isVoter;
    }

    /** A lease counts from when the answered request was sent, not from when the answer came. Thesis, section 6.4.1. */
    boolean leaseHolds(long nowNs, long quorumSentNs, long leaseNs) {
        return nowNs - quorumSentNs < leaseNs;
    }

    /** A leader that has asked another one to take over cannot know when that one begins. */
    boolean leaseSurvivesTransfer() {
        return false;
    }

    /** A snapshot that brings nothing new must not overwrite what is there. Paper, figure 13, rule 6. */
    boolean mayInstall(long snapshotIndex, long commitIndex) {
        return snapshotIndex > commitIndex;
    }

    /** What an earlier life of a peer sent proves nothing about this one. */
    boolean isOfEarlierLife(boolean admitted) {
        return !admitted;
    }

    /** A member is one disk; another one of the same name is a wiped or replaced node. */
    @HotPath
    boolean isOtherDisk(boolean differs) {
        return differs;
    }

    /** A life is heard once it is remembered durably; or an older copy could be believed after a crash of ours. */
    boolean mayHear(boolean rememberedDurably) {
        return rememberedDurably;
    }

    /** A disk that nobody knows to be the member neither votes nor stands: it may have forgotten a vote. */
    boolean mayTakePart(boolean joined) {
        return joined;
    }

    /** Who lost records may have forgotten a vote, and entries that it acknowledged. FAST'18, protocol-aware recovery. */
    boolean mayTakePartUnderRepair(boolean underRepair) {
        return !underRepair;
    }

    /** The repair is over once all that may have been acknowledged is here again. */
    boolean isRepaired(long commitIndex, long repairThrough) {
        return commitIndex >= repairThrough;
    }

    /** A cluster forms once every first member has been heard; see {@link Formation}. */
    boolean hasFormed(int confirmed, int others) {
        return confirmed == others;
    }

    /** A new life that lacks what an earlier one acknowledged is an old copy, or its disk lies. */
    boolean hasLostAcknowledged(boolean conflictBelowAcknowledged) {
        return conflictBelowAcknowledged;
    }

    /** Only a granted vote puts an election off; or one that cannot win would keep those that can from standing. */
    boolean putsElectionOff(boolean granted) {
        return granted;
    }

    /** A pre-vote raises no term and stages nothing. Thesis, section 9.6. */
    boolean preVoteRaisesTerm() {
        return false;
    }

    /** A joint configuration is left as soon as it is committed. Paper, section 6. */
    boolean leavesJointConfiguration() {
        return true;
    }

    /** A conflict moves next back only if it answers a request sent since next last moved back. */
    @HotPath
    boolean conflictCounts(boolean answersStandingRequest) {
        return answersStandingRequest;
    }

    /** Snapshot and log change in one step. Paper, figure 13, rule 7. */
    boolean resetsLogWithSnapshot() {
        return true;
    }

    /** Entries after a snapshot that is being streamed are still needed. */
    boolean mayCompact(long index, long streamedSnapshotIndex) {
        return index <= streamedSnapshotIndex;
    }

    /** Groups share connections, so every message says whose it is. */
    @HotPath
    boolean isOurGroup(int groupId, int ourGroupId) {
        return groupId == ourGroupId;
    }

    /** What a leader takes ahead of its commit is bounded. */
    @HotPath
    boolean exceedsUncommitted(long uncommittedBytes, long cost, long maxUncommittedBytes) {
        return uncommittedBytes > 0 && uncommittedBytes + cost > maxUncommittedBytes;
    }
}
