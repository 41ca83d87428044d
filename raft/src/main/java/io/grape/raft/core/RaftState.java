package io.grape.raft.core;

import io.grape.codecs.HotPath;
import io.grape.codecs.sbe.EntryType;
import io.grape.raft.core.membership.ConfigurationCodec;
import io.grape.raft.core.membership.Membership;
import io.grape.raft.core.membership.MembershipHistory;
import io.grape.raft.core.progress.Measure;
import io.grape.raft.core.progress.PeerTable;
import io.grape.raft.core.progress.Progress;
import io.grape.raft.core.quorum.VoteTally;
import io.grape.raft.core.read.ReadQueue;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The state of one replica, shared by {@link RaftGroup} and the handlers. Paper, figure 2, "State".
 *
 * <p>Plain fields, one thread. Only {@link RaftGroup} changes role, term and vote together; handlers that grant a vote or
 * move the commit index say so in their documentation.
 */
final class RaftState {
    final RaftConfig config;
    final RaftLog log;
    final RaftRules rules;
    final RaftCounters counters = new RaftCounters();
    final PeerTable peers;
    final VoteTally tally = new VoteTally();
    final ReadQueue reads;
    final SnapshotStore snapshots;
    final MembershipHistory history;
    final Lives lives;
    final RaftTrace trace;

    Role role = Role.FOLLOWER;
    RoleReason roleReason = RoleReason.START;
    long term;
    int votedFor;
    int leaderNodeId = RaftGroup.NO_NODE;
    long commitIndex;
    long durableIndex;

    /** Index of the no-op with which this leader began its term. */
    long termStartIndex;

    /** Whether no vote but this leader's own was needed. */
    boolean electedAlone;

    long electionDeadlineNs;
    long lastLeaderContactNs;
    long uncommittedBytes;

    /** Whom this leader hands its office to, until the deadline. */
    int transferTarget = RaftGroup.NO_NODE;

    long transferDeadlineNs;

    /** Whether this term's leader gave up its lease for good, because another may stand at any time. */
    boolean leaseGivenUp;

    /** Whether the replica rests: no heartbeats as a leader, no election timer as a follower. */
    boolean isResting;

    /** Until then a voter that has restarted keeps the promises that it may have made before. */
    long promisedUntilNs = Long.MIN_VALUE;

    private long stagedCommitIndex;
    private long lastIndexAtBatchEnd;

    private long randomState;

    RaftState(
            RaftConfig config,
            RaftLog log,
            SnapshotStore snapshots,
            RaftRules rules,
            HardState recovered,
            long nowNs,
            RaftTrace trace) {
        this.config = config;
        this.log = log;
        this.snapshots = snapshots;
        this.rules = rules;
        this.trace = trace;
        RaftLimits limits = config.limits();
        this.term = Math.max(recovered.term(), snapshots.term());
        this.votedFor = term == recovered.term() ? recovered.votedFor() : RaftGroup.NO_NODE;
        if (log.termAt(snapshots.index()) != snapshots.term() && snapshots.index() >= log.firstIndex()) {
            // The process died between the snapshot and the batch that resets the log.
            log.compactTo(snapshots.index(), snapshots.term());
        }
        this.history = recoverMembership();
        this.peers = new PeerTable(
                config.nodeId(), history.current(), limits.maxInflightAppends(), limits.maxInflightBytes());
        this.reads = new ReadQueue(limits.maxPendingReads());
        this.commitIndex = Math.max(recovered.commitIndex(), snapshots.index());
        this.stagedCommitIndex = commitIndex;
        this.durableIndex = log.lastIndex();
        this.lastIndexAtBatchEnd = log.lastIndex();
        if (config.timing().leasePercent() > 0 && term > 0) {
            this.promisedUntilNs = nowNs + config.timing().electionTimeoutNs();
        }
        this.lives = new Lives(this);
        this.randomState =
                config.seed() * 0x9E3779B97F4A7C15L + config.nodeId() * 0xD1B54A32D192ED03L + config.groupId();
    }

    Membership membership() {
        return peers.membership();
    }

    /** The newest configuration of the log; before it that of the snapshot, or the first voters. */
    private MembershipHistory recoverMembership() {
        boolean hasSnapshot = snapshots.index() > RaftLog.NULL_INDEX;
        MembershipHistory found = new MembershipHistory(
                snapshots.index(), hasSnapshot ? snapshots.membership() : Membership.ofVoters(config.members()));
        for (long index = log.firstIndex(); index <= log.lastIndex(); index++) {
            if (log.entryTypeAt(index) == EntryType.CONFIGURATION.value()) {
                MutableDirectBuffer payload = new UnsafeBuffer(new byte[log.payloadLengthAt(index)]);
                log.copyPayload(index, payload, 0);
                Membership membership = ConfigurationCodec.decode(payload, 0, payload.capacity());
                if (membership == null) {
                    throw new IllegalArgumentException("entry " + index + " holds no readable configuration");
                }
                found.appended(index, membership);
            }
        }
        return found;
    }

    /** A configuration is in force from the moment it is appended, here and on every follower. Thesis, section 4.1. */
    void configurationAppended(long index, Membership membership, long nowNs) {
        history.appended(index, membership);
        adoptMembership(nowNs);
    }

    /** Stages an entry. A configuration takes effect by {@link #configurationAppended}. */
    @HotPath
    void append(long index, long entryTerm, short entryType, DirectBuffer payload, int offset, int length) {
        log.append(index, entryTerm, entryType, payload, offset, length);
        trace.appended(index, entryTerm, entryType, payload, offset, length);
    }

    /** Cuts the log, and with it what was built on the entries that go. */
    void truncateFrom(long index, long nowNs) {
        log.truncateFrom(index);
        durableIndex = Math.min(durableIndex, index - 1);
        trace.truncatedFrom(index);
        if (history.truncatedFrom(index)) {
            adoptMembership(nowNs);
        }
    }

    void adoptMembership(long nowNs) {
        Membership before = peers.membership();
        peers.change(history.current());
        for (int i = 0; i < peers.count(); i++) {
            Progress peer = peers.peer(i);
            if (!before.isMember(peer.nodeId())) {
                peer.reset(log.lastIndex(), config.timing().heartbeatIntervalNs(), nowNs);
            }
        }
    }

    /** Whether a configuration of this log is not committed yet, or is one that must be left again. */
    boolean isChangePending() {
        return history.currentIndex() > commitIndex || history.current().isJoint();
    }

    /**
     * Who votes may stand. So may who lost its vote by a change that is not committed here: it may be the only one that
     * holds the change, and then nobody else can be elected. It does not count itself. Thesis, section 4.2.2.
     */
    boolean maySeekElection() {
        int self = config.nodeId();
        return lives.mayTakePart()
                && rules.maySeekElection(
                        membership().isVoter(self) || history.at(commitIndex).isVoter(self));
    }

    /** Whether this replica knows that it may hold less than it once acknowledged. */
    @HotPath
    boolean knowsOfLoss() {
        return config.life().mayForget() || log.isUnderRepair();
    }

    /** Ends a repair as soon as everything that may have been acknowledged is here again. */
    void endRepairIfDone() {
        if (log.isUnderRepair() && rules.isRepaired(commitIndex, log.repairThrough())) {
            stageHardState();
            log.repaired();
        }
    }

    /** Whether no other node can have been elected yet. Thesis, section 6.4.1. */
    boolean holdsLease(long nowNs) {
        return role == Role.LEADER
                && config.timing().leasePercent() > 0
                && (!leaseGivenUp || rules.leaseSurvivesTransfer())
                && !isChangePending()
                && rules.leaseHolds(
                        nowNs,
                        peers.reached(Measure.LEASE, nowNs),
                        config.timing().leaseNs());
    }

    /**
     * Whether this leader was elected by its own vote alone and that vote is not known to be durable. A crash would let it
     * lead the same term again with other entries, so until then it takes none and sends none.
     */
    @HotPath
    boolean waitsForOwnVote() {
        return electedAlone && durableIndex < termStartIndex;
    }

    long lastTerm() {
        return log.termAt(log.lastIndex());
    }

    /** Whether a leader has been heard within the shortest election timeout, or is this node. */
    boolean leaderIsAlive(long nowNs) {
        // Who rests relies on the leader's node being heard, and is woken when it is not.
        if (role == Role.LEADER || nowNs < promisedUntilNs || isResting) {
            return true;
        }
        return leaderNodeId != RaftGroup.NO_NODE
                && nowNs - lastLeaderContactNs < config.timing().electionTimeoutNs();
    }

    /** Puts the election off by a new random timeout. Paper, section 5.2. */
    void resetElectionTimer(long nowNs) {
        long timeoutNs = config.timing().electionTimeoutNs();
        electionDeadlineNs =
                nowNs + timeoutNs + config.timing().electionDelayNs() + Long.remainderUnsigned(nextRandom(), timeoutNs);
    }

    /**
     * The leader's node is gone, and with it the leaders of many groups: each group's followers stand at a random time of
     * their own, and not before the others had the time to notice.
     */
    void spreadElection(long nowNs) {
        RaftTiming timing = config.timing();
        electionDeadlineNs =
                nowNs + timing.heartbeatIntervalNs() + Long.remainderUnsigned(nextRandom(), timing.electionTimeoutNs());
    }

    /** Stages term, vote and commit index. */
    void stageHardState() {
        log.hardState(term, votedFor, commitIndex);
        trace.hardStateStaged(term, votedFor, commitIndex);
        stagedCommitIndex = commitIndex;
    }

    /**
     * Lets the commit index travel with entries that are written anyway. It is only a hint for the next start (paper,
     * figure 2 calls it volatile), so it never causes a write of its own.
     */
    @HotPath
    void stageCommitIfBatchIsWritten() {
        long lastIndex = log.lastIndex();
        if (lastIndex != lastIndexAtBatchEnd && commitIndex > stagedCommitIndex) {
            stageHardState();
        }
        lastIndexAtBatchEnd = lastIndex;
    }

    /**
     * Commits what a quorum holds durably, if it is of this term. Paper, section 5.4.2.
     *
     * @return whether the commit index rose
     */
    @HotPath
    boolean advanceCommit() {
        long quorum = peers.reached(Measure.MATCH, rules.ownMatch(durableIndex, log.lastIndex()));
        if (quorum <= commitIndex || !rules.mayCommitByCounting(log.termAt(quorum), term)) {
            return false;
        }
        for (long index = Math.max(commitIndex, termStartIndex) + 1; index <= quorum; index++) {
            uncommittedBytes -= RaftGroup.ENTRY_OVERHEAD_BYTES + log.payloadLengthAt(index);
        }
        commitIndex = quorum;
        trace.committedTo(quorum);
        return true;
    }

    /** Hands out reads whose index is known and whose round a quorum has answered. Thesis, section 6.4. */
    @HotPath
    void confirmReads(RaftOutput out) {
        if (reads.count() == 0) {
            return;
        }
        long confirmed = peers.reached(Measure.READ, reads.currentRound());
        while (reads.ready(confirmed)) {
            out.reads().confirmed(reads.token(), reads.index());
            reads.remove();
        }
    }

    /** SplitMix64 (Steele, Lea and Flood 2014). */
    private long nextRandom() {
        randomState += 0x9E3779B97F4A7C15L;
        long z = randomState;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
