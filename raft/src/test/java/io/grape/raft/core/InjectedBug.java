package io.grape.raft.core;

import io.grape.raft.core.membership.Membership;
import io.grape.raft.core.quorum.Quorum;

/** A known bug of another system, re-created by breaking one rule; the number is its row in the list of pitfalls. */
enum InjectedBug {
    VOTE_ANSWERED_BEFORE_DURABLE(1, new RaftRules() {
        @Override
        MessageList voteReplies(RaftOutput out) {
            return out.sendNow();
        }
    }),
    VOTES_ASKED_BEFORE_OWN_VOTE_DURABLE(2, new RaftRules() {
        @Override
        MessageList voteRequests(RaftOutput out) {
            return out.sendNow();
        }
    }),
    APPEND_ACKED_BEFORE_DURABLE(3, new RaftRules() {
        @Override
        MessageList appendReplies(RaftOutput out) {
            return out.sendNow();
        }
    }),
    LEADER_COUNTS_UNSYNCED_ENTRIES(4, new RaftRules() {
        @Override
        long ownMatch(long durableIndex, long lastIndex) {
            return lastIndex;
        }
    }),
    OLDER_TERM_COMMITTED_BY_COUNTING(5, new RaftRules() {
        @Override
        boolean mayCommitByCounting(long entryTerm, long currentTerm) {
            return true;
        }
    }),
    NO_NO_OP_AT_TERM_START(6, new RaftRules() {
        @Override
        boolean beginsTermWithNoOp() {
            return false;
        }
    }),
    READ_BEFORE_FIRST_COMMIT_OF_TERM(7, new RaftRules() {
        @Override
        boolean mayRead(long commitIndex, long termStartIndex) {
            return true;
        }
    }),
    LEASE_OUTLIVES_ITS_BOUND(8, new RaftRules() {
        @Override
        boolean leaseHolds(long nowNs, long quorumSentNs, long leaseNs) {
            return nowNs - quorumSentNs < 2 * leaseNs;
        }
    }),
    LEASE_SURVIVES_TRANSFER(9, new RaftRules() {
        @Override
        boolean leaseSurvivesTransfer() {
            return true;
        }
    }),
    TIMER_RESET_BY_REFUSED_VOTE(10, new RaftRules() {
        @Override
        boolean putsElectionOff(boolean granted) {
            return true;
        }
    }),
    REJOINING_SERVER_DISRUPTS(11, new RaftRules() {
        @Override
        boolean isSticky(boolean leaderAlive, boolean leadershipTransfer) {
            return false;
        }
    }),
    PRE_VOTE_RAISES_TERM(12, new RaftRules() {
        @Override
        boolean preVoteRaisesTerm() {
            return true;
        }
    }),
    MEMBERSHIP_CHANGE_BEFORE_COMMIT_OF_TERM(13, new RaftRules() {
        @Override
        boolean mayChangeMembership(boolean changePending, boolean committedInTerm) {
            return !changePending;
        }
    }),
    VOTERS_CHANGE_WITHOUT_JOINT_CONFIGURATION(13, new RaftRules() {
        @Override
        Membership nextConfiguration(Membership current, Membership target) {
            return target;
        }
    }),
    MEMBERSHIP_CHANGES_OVERLAP(14, new RaftRules() {
        @Override
        boolean mayChangeMembership(boolean changePending, boolean committedInTerm) {
            return committedInTerm;
        }
    }),
    JOINT_STATE_LEFT_OPEN(14, new RaftRules() {
        @Override
        boolean leavesJointConfiguration() {
            return false;
        }
    }),
    LEARNER_CAMPAIGNS(16, new RaftRules() {
        @Override
        boolean maySeekElection(boolean isVoter) {
            return true;
        }
    }),
    REMOVED_LEADER_KEEPS_LEADING(17, new RaftRules() {
        @Override
        boolean mustStepDown(boolean isVoter) {
            return false;
        }
    }),
    APPEND_ALWAYS_TRUNCATES(18, new RaftRules() {
        @Override
        boolean conflicts(long heldTerm, long entryTerm) {
            return true;
        }
    }),
    MATCH_IS_THE_END_OF_THE_LOG(19, new RaftRules() {
        @Override
        long matchIndex(long prevLogIndex, int entryCount, long lastIndex) {
            return lastIndex;
        }
    }),
    STALE_CONFLICT_MOVES_NEXT_BACK(20, new RaftRules() {
        @Override
        boolean conflictCounts(boolean answersStandingRequest) {
            return true;
        }
    }),
    ACKS_OF_ANOTHER_TERM_COUNT(21, new RaftRules() {
        @Override
        boolean answerCounts(long replyTerm, long currentTerm) {
            return true;
        }
    }),
    COMMIT_PASSES_THE_LAST_NEW_ENTRY(22, new RaftRules() {
        @Override
        long followerCommit(long commitIndex, long leaderCommit, long lastNewIndex, long lastIndex) {
            return Math.max(commitIndex, Math.min(leaderCommit, lastIndex));
        }
    }),
    COMMIT_PASSES_THE_LOG(22, new RaftRules() {
        @Override
        long followerCommit(long commitIndex, long leaderCommit, long lastNewIndex, long lastIndex) {
            return Math.max(commitIndex, leaderCommit);
        }
    }),
    ACK_OF_REPLACED_ENTRIES_COUNTS(23, new RaftRules() {
        @Override
        boolean durableAckStands(long heldTerm, long ackTerm) {
            return true;
        }
    }),
    SNAPSHOT_WITHOUT_LOG_RESET(24, new RaftRules() {
        @Override
        boolean resetsLogWithSnapshot() {
            return false;
        }
    }),
    OLDER_SNAPSHOT_OVERWRITES(25, new RaftRules() {
        @Override
        boolean mayInstall(long snapshotIndex, long commitIndex) {
            return true;
        }
    }),
    LOG_COMPACTED_UNDER_A_STREAM(26, new RaftRules() {
        @Override
        boolean mayCompact(long index, long streamedSnapshotIndex) {
            return true;
        }
    }),
    EARLIER_LIFE_IS_HEARD(31, new RaftRules() {
        @Override
        boolean isOfEarlierLife(boolean admitted) {
            return false;
        }
    }),
    WIPED_DISK_IS_HEARD_IN_ITS_OLD_NAME(31, new RaftRules() {
        @Override
        boolean isOtherDisk(boolean differs) {
            return false;
        }
    }),
    LIFE_IS_HEARD_BEFORE_IT_IS_REMEMBERED(31, new RaftRules() {
        @Override
        boolean mayHear(boolean rememberedDurably) {
            return true;
        }
    }),
    NEW_DISK_VOTES(31, new RaftRules() {
        @Override
        boolean mayTakePart(boolean joined) {
            return true;
        }
    }),
    CLUSTER_FORMED_BY_A_MAJORITY(31, new RaftRules() {
        @Override
        boolean hasFormed(int confirmed, int others) {
            return confirmed + 1 >= Quorum.majority(others + 1);
        }
    }),
    OLD_COPY_COUNTS(31, new RaftRules() {
        @Override
        boolean hasLostAcknowledged(boolean conflictBelowAcknowledged) {
            return false;
        }
    }),
    REPLICA_UNDER_REPAIR_VOTES(28, new RaftRules() {
        @Override
        boolean mayTakePartUnderRepair(boolean underRepair) {
            return true;
        }
    }),
    REPAIR_ENDS_TOO_EARLY(28, new RaftRules() {
        @Override
        boolean isRepaired(long commitIndex, long repairThrough) {
            return true;
        }
    }),
    MESSAGE_OF_ANOTHER_GROUP_IS_TAKEN(34, new RaftRules() {
        @Override
        boolean isOurGroup(int groupId, int ourGroupId) {
            return true;
        }
    }),
    UNCOMMITTED_LOG_UNBOUNDED(36, new RaftRules() {
        @Override
        boolean exceedsUncommitted(long uncommittedBytes, long cost, long maxUncommittedBytes) {
            return false;
        }
    }),
    RESTING_FOLLOWER_IGNORES_LOST_NODE(38, new RaftRules() {
        @Override
        boolean heedsLostNode() {
            return false;
        }
    }),
    FRAME_OF_AN_OLD_TERM_RENEWS_LEASE(39, new RaftRules() {
        @Override
        boolean heartbeatAnswerCounts(long replyTerm, long currentTerm) {
            return true;
        }
    }),
    /** The ancestor cleared its vote inside a term. */
    TWO_VOTES_IN_A_TERM(0, new RaftRules() {
        @Override
        boolean mayVote(int votedFor, int candidate) {
            return true;
        }
    }),
    /** The ancestor's handlers always answered true. */
    VOTE_FOR_A_SHORTER_LOG(0, new RaftRules() {
        @Override
        boolean isUpToDate(long candidateLastTerm, long candidateLastIndex, long lastTerm, long lastIndex) {
            return true;
        }
    });

    final int row;
    final RaftRules rules;

    InjectedBug(int row, RaftRules rules) {
        this.row = row;
        this.rules = rules;
    }
}
