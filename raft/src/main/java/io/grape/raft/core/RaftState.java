package io.grape.raft.core;

import io.grape.codecs.HotPath;
import io.grape.raft.core.membership.Membership;
import io.grape.raft.core.progress.Measure;
import io.grape.raft.core.progress.PeerTable;
import io.grape.raft.core.quorum.VoteTally;
import io.grape.raft.core.read.ReadQueue;

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

    private long stagedCommitIndex;
    private long lastIndexAtBatchEnd;

    private long randomState;

    RaftState(RaftConfig config, RaftLog log, RaftRules rules, HardState recovered) {
        this.config = config;
        this.log = log;
        this.rules = rules;
        RaftLimits limits = config.limits();
        this.peers = new PeerTable(
                config.nodeId(),
                Membership.ofVoters(config.members()),
                limits.maxInflightAppends(),
                limits.maxInflightBytes());
        this.reads = new ReadQueue(limits.maxPendingReads());
        this.term = recovered.term();
        this.votedFor = recovered.votedFor();
        this.commitIndex = Math.max(recovered.commitIndex(), log.firstIndex() - 1);
        this.stagedCommitIndex = commitIndex;
        this.durableIndex = log.lastIndex();
        this.lastIndexAtBatchEnd = log.lastIndex();
        this.randomState =
                config.seed() * 0x9E3779B97F4A7C15L + config.nodeId() * 0xD1B54A32D192ED03L + config.groupId();
    }

    Membership membership() {
        return peers.membership();
    }

    boolean maySeekElection() {
        return membership().isVoter(config.nodeId());
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
        if (role == Role.LEADER) {
            return true;
        }
        return leaderNodeId != RaftGroup.NO_NODE
                && nowNs - lastLeaderContactNs < config.timing().electionTimeoutNs();
    }

    /** Puts the election off by a new random timeout. Paper, section 5.2. */
    void resetElectionTimer(long nowNs) {
        long timeoutNs = config.timing().electionTimeoutNs();
        electionDeadlineNs = nowNs + timeoutNs + Long.remainderUnsigned(nextRandom(), timeoutNs);
    }

    /** Stages term, vote and commit index. */
    void stageHardState() {
        log.hardState(term, votedFor, commitIndex);
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
