package io.grape.raft.core;

import io.grape.codecs.HotPath;
import io.grape.codecs.sbe.EntryType;
import io.grape.raft.core.liveness.BeatAdapter;
import io.grape.raft.core.membership.Membership;
import io.grape.raft.core.progress.Progress;
import io.grape.raft.core.progress.ProgressState;
import io.grape.raft.core.read.ReadQueue;
import org.agrona.DirectBuffer;

/**
 * One replica of one Raft group: what its pipeline may ask of it and hand to it.
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

    /** {@link #changeMembership}: a new voter must catch up as a learner first. */
    public static final long NOT_CAUGHT_UP = -5;

    /** {@link #leaseReadIndex}: no lease is held; ask {@link #readIndex}. */
    public static final long NO_LEASE = -6;

    /** {@link #changeMembership}: the members are not those any more that the caller looked at. */
    public static final long CONFIGURATION_CHANGED = -7;

    private final RaftState state;
    private final TermGate gate;

    /**
     * Creates a replica whose log is never compacted.
     *
     * @param log       recovered; everything in it is durable
     * @param recovered hard state that belongs to the log
     * @param nowNs     injected monotonic clock, nanoseconds
     * @throws IllegalArgumentException if the hard state claims more than the log holds
     */
    public RaftGroup(RaftConfig config, RaftLog log, HardState recovered, long nowNs) {
        this(config, log, SnapshotStore.NONE, recovered, nowNs);
    }

    /**
     * Creates a replica.
     *
     * @param log       recovered; everything in it is durable, and it begins at most one entry after the snapshot
     * @param snapshots this group's snapshots
     * @param recovered hard state that belongs to the log
     * @param nowNs     injected monotonic clock, nanoseconds
     * @throws IllegalArgumentException if the hard state claims more than the log holds, or entries are missing between
     *     snapshot and log
     */
    public RaftGroup(RaftConfig config, RaftLog log, SnapshotStore snapshots, HardState recovered, long nowNs) {
        this(config, log, snapshots, recovered, nowNs, RaftTrace.NONE);
    }

    /**
     * Creates a replica that tells a trace what it does.
     *
     * @param trace of this replica alone
     * @throws IllegalArgumentException as the constructor without a trace
     */
    public RaftGroup(
            RaftConfig config, RaftLog log, SnapshotStore snapshots, HardState recovered, long nowNs, RaftTrace trace) {
        this(config, log, snapshots, recovered, nowNs, trace, RaftRules.PAPER);
    }

    RaftGroup(
            RaftConfig config, RaftLog log, SnapshotStore snapshots, HardState recovered, long nowNs, RaftRules rules) {
        this(config, log, snapshots, recovered, nowNs, RaftTrace.NONE, rules);
    }

    RaftGroup(
            RaftConfig config,
            RaftLog log,
            SnapshotStore snapshots,
            HardState recovered,
            long nowNs,
            RaftTrace trace,
            RaftRules rules) {
        require(log.firstIndex() <= snapshots.index() + 1, "snapshotIndex", snapshots.index(), log);
        state = new RaftState(config, log, snapshots, rules, recovered, nowNs, trace);
        require(recovered.commitIndex() <= log.lastIndex(), "commitIndex", recovered.commitIndex(), log);
        require(state.term >= log.termAt(log.lastIndex()), "term", recovered.term(), log);
        gate = new TermGate(state, nowNs);
        state.resetElectionTimer(nowNs);
        trace.started(state.term, state.votedFor, state.commitIndex, log.lastIndex(), state.lastTerm());
    }

    private static void require(boolean holds, String name, long value, RaftLog log) {
        if (!holds) {
            throw new IllegalArgumentException(name + "=" + value + " contradicts the log: firstIndex="
                    + log.firstIndex() + " lastIndex=" + log.lastIndex() + " lastTerm=" + log.termAt(log.lastIndex()));
        }
    }

    /**
     * Takes one Raft message, header included. What is malformed, foreign or stale is counted and otherwise ignored.
     *
     * @param message valid during this call
     */
    @HotPath
    public void step(DirectBuffer message, int offset, int length, long nowNs, RaftOutput out) {
        gate.step(message, offset, length, nowNs, out);
    }

    /**
     * Takes this group's part of a frame of heartbeats or of answers to them. What is foreign or stale is counted and otherwise
     * ignored.
     *
     * @param beat stands at the part; valid during this call
     */
    @HotPath
    public void step(BeatAdapter beat, long nowNs, RaftOutput out) {
        gate.stepFrame(beat, nowNs, out);
    }

    /** Lets time pass: elections, and the end of a leader that hears no quorum. {@link #endOfBatch} must follow. */
    @HotPath
    public void tick(long nowNs, RaftOutput out) {
        gate.tick(nowNs, out);
    }

    /**
     * Appends an entry to the leader's log; it is sent at the end of the batch.
     *
     * @param entryType SBE value of {@code EntryType}; configurations go through {@link #changeMembership}
     * @return the entry's index, or {@link #NOT_LEADER}, {@link #BACK_PRESSURE}, {@link #NOT_READY}, {@link #TOO_LARGE}
     */
    @HotPath
    public long propose(short entryType, DirectBuffer payload, int offset, int length, long nowNs, RaftOutput out) {
        if (state.role != Role.LEADER) {
            return NOT_LEADER;
        }
        if (state.waitsForOwnVote() || state.transferTarget != NO_NODE) {
            return NOT_READY;
        }
        assert entryType != EntryType.CONFIGURATION.value() : "changeMembership proposes configurations";
        RaftLimits limits = state.config.limits();
        if (length > limits.maxBytesPerAppend()) {
            return TOO_LARGE;
        }
        long cost = (long) length + ENTRY_OVERHEAD_BYTES;
        if (state.rules.exceedsUncommitted(state.uncommittedBytes, cost, limits.maxUncommittedBytes())) {
            return BACK_PRESSURE;
        }
        gate.stir(nowNs);
        long index = state.log.lastIndex() + 1;
        state.append(index, state.term, entryType, payload, offset, length);
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
        gate.onDurable(term, index, nowNs, out);
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
        gate.stir(nowNs);
        boolean mayRead = state.rules.mayRead(state.commitIndex, state.termStartIndex);
        return state.reads.add(token, mayRead ? state.commitIndex : ReadQueue.HELD);
    }

    /**
     * Returns the index at which a read is linearizable without asking anybody, or {@link #NO_LEASE}. The caller waits until
     * it is applied, reads, and then asks {@link #holdsLease} again with a new time: the process may have been paused.
     */
    @HotPath
    public long leaseReadIndex(long nowNs) {
        boolean mayRead = state.rules.mayRead(state.commitIndex, state.termStartIndex);
        return mayRead && state.holdsLease(nowNs) ? state.commitIndex : NO_LEASE;
    }

    /** Returns whether no other node can have been elected by now. Thesis, section 6.4.1. */
    @HotPath
    public boolean holdsLease(long nowNs) {
        return state.holdsLease(nowNs);
    }

    /**
     * Begins to hand leadership over, for instance before a clean stop. Until it is done, or an election timeout has passed,
     * proposals are answered with {@link #NOT_READY}. Thesis, section 3.10.
     *
     * @param target a voter, or {@link #NO_NODE} for the one that has caught up most
     * @return false if this replica does not lead or the target is not another voter
     */
    public boolean transferLeadership(int target, long nowNs) {
        if (state.role != Role.LEADER) {
            return false;
        }
        gate.stir(nowNs);
        return gate.beginTransfer(target, nowNs);
    }

    /** Returns whether this replica leads and another voter lives and holds the whole log, so that a transfer to it takes no time. */
    public boolean mayTakeOver(int nodeId, long nowNs) {
        Progress peer = state.role == Role.LEADER ? state.peers.find(nodeId) : null;
        return peer != null
                && state.membership().isIncoming(nodeId)
                && nowNs - peer.lastContactNs() <= state.config.timing().electionTimeoutNs()
                && peer.match() == state.log.lastIndex();
    }

    /** Returns whether this replica leads and is handing its office over. */
    @HotPath
    public boolean isTransferring() {
        return state.role == Role.LEADER && state.transferTarget != NO_NODE;
    }

    /**
     * Begins to change the members to the target; voters change through a joint configuration, which is left by itself. Paper,
     * section 6. The change is over when {@link #membership()} equals the target and its entry is committed.
     *
     * @param target members outside of a change; every new voter must be a learner that has caught up
     * @return index of the first entry of the change, or {@link #NOT_LEADER}, {@link #NOT_READY} (a change is under way, or
     *     nothing of this term is committed yet) or {@link #NOT_CAUGHT_UP}
     * @throws IllegalArgumentException if the target has no voter or is joint
     */
    public long changeMembership(Membership target, long nowNs) {
        if (target.incomingCount() == 0 || target.isJoint()) {
            throw new IllegalArgumentException("not a membership to change to: " + target);
        }
        if (state.role != Role.LEADER) {
            return NOT_LEADER;
        }
        if (state.waitsForOwnVote() || state.transferTarget != NO_NODE) {
            return NOT_READY;
        }
        gate.stir(nowNs);
        return gate.beginMembershipChange(target, nowNs);
    }

    /**
     * Begins to change the members if they are still those that the caller looked at: compare and set.
     *
     * @param expectedConfigurationIndex {@link #configurationIndex()} as it was then
     * @return as the other one, or {@link #CONFIGURATION_CHANGED}
     * @throws IllegalArgumentException as the other one
     */
    public long changeMembership(Membership target, long expectedConfigurationIndex, long nowNs) {
        boolean changed = state.role == Role.LEADER && configurationIndex() != expectedConfigurationIndex;
        return changed ? CONFIGURATION_CHANGED : changeMembership(target, nowNs);
    }

    /** Returns the index of the entry that brought the members in force: their version. */
    public long configurationIndex() {
        return state.history.currentIndex();
    }

    /** Returns whether the members in force are joint or not committed yet, so that no other change can begin. */
    public boolean isMembershipChanging() {
        return state.isChangePending();
    }

    /** Returns whether this replica leads and the node, a learner mostly, could be given a vote now. */
    public boolean mayVote(int nodeId) {
        return state.role == Role.LEADER && gate.mayVote(nodeId);
    }

    /**
     * Lets the log begin after {@code index}, which a durable snapshot must cover.
     *
     * @return false if the entries are still needed: not in a durable snapshot, not committed, or in the way of a stream
     */
    public boolean compactTo(long index, long nowNs) {
        if (index > state.snapshots.index()
                || index > state.commitIndex
                || !state.rules.mayCompact(index, streamedSnapshotIndex(nowNs))) {
            return false;
        }
        state.log.compactTo(index, state.log.termAt(index));
        state.history.compactedTo(index);
        state.trace.compactedTo(index);
        return true;
    }

    /**
     * Returns the oldest snapshot that a live peer is being sent, or {@link Long#MAX_VALUE}. The owner keeps it, and all
     * entries after it, or the peer would need a snapshot again as soon as it has this one.
     */
    public long streamedSnapshotIndex(long nowNs) {
        long oldest = Long.MAX_VALUE;
        for (int i = 0; state.role == Role.LEADER && i < state.peers.count(); i++) {
            Progress peer = state.peers.peer(i);
            boolean alive = nowNs - peer.lastContactNs() < state.config.timing().electionTimeoutNs();
            if (alive && peer.state() == ProgressState.SNAPSHOT) {
                oldest = Math.min(oldest, peer.snapshotIndex());
            }
        }
        return oldest;
    }

    /** Ends a batch: a leader writes to its peers, before its own log goes to disk. */
    @HotPath
    public void endOfBatch(long nowNs, RaftOutput out) {
        gate.endOfBatch(nowNs, out);
    }

    /**
     * Returns when {@link #tick} and {@link #endOfBatch} must be called although nothing else happens: an election, a
     * heartbeat, a repeat, the end of a leader. {@link Long#MIN_VALUE} means with the owner's next tick, and
     * {@link Long#MAX_VALUE} never. It can change with every other call.
     */
    @HotPath
    public long nextDueNs() {
        return gate.nextDueNs();
    }

    /**
     * Tells the replica that a node was not heard for an election timeout, or began another life. Whoever runs groups that may
     * rest ({@link RaftTiming#hibernateAfterNs}) must say so; {@link io.grape.raft.core.liveness.NodeLiveness} knows.
     *
     * @return whether the replica rested because of that node and is awake now; then {@link #nextDueNs()} has changed
     */
    public boolean onNodeGone(int nodeId, long nowNs) {
        return gate.onNodeGone(nodeId, nowNs);
    }

    /** Returns whether the group rests here: nothing is due, and the leader's node being heard stands for the leader. */
    @HotPath
    public boolean isHibernating() {
        return state.isResting;
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

    /** Returns whether this replica's disk is the member of its name, so that it may vote. */
    public boolean isJoined() {
        return state.lives.isJoined();
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
