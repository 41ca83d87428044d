package io.grape.raft.core;

import io.grape.codecs.HotPath;
import io.grape.codecs.sbe.BeatState;
import io.grape.raft.core.progress.Progress;
import io.grape.raft.core.progress.ProgressState;

/**
 * Lets a group rest that has nothing to do, so that a thousand idle groups cost what one does.
 *
 * <p>The leader asks its peers to rest once all of them hold, durably, all of its log and all of it is committed. A
 * follower that holds the very same stops its election timer and relies on the leader's <em>node</em> being heard, which
 * one frame a peer shows for all groups. Once every peer rests the leader stops its heartbeats. Anything that happens
 * wakes a replica: a proposal, a read, a message, the loss of a node or its restart. A replica that missed a word stays
 * awake, or stands for election by pre-vote, which wakes the others and which they refuse while the leader's node lives.
 *
 * <p>A resting leader answers no read by what it knew when it went to rest: its lease runs out by itself, since nothing
 * renews it, and ReadIndex asks a quorum as always. Thread: the group's pipeline. Allocates nothing.
 */
final class Hibernation {
    private final RaftState state;
    private long activeNs;

    /** Whether some peer was asked to rest, and nothing has happened since. */
    private boolean asked;

    Hibernation(RaftState state, long nowNs) {
        this.state = state;
        this.activeNs = nowNs;
    }

    /** The leader has something to do: it is awake, and waits a while before it asks its peers to rest again. */
    @HotPath
    void stir(long nowNs) {
        activeNs = nowNs;
        if (state.isResting || asked) {
            end(nowNs);
        }
    }

    /** A message came, whatever it is; returns whether a follower rested until now. */
    @HotPath
    boolean wakes(long nowNs) {
        boolean rested = state.isResting && state.role == Role.FOLLOWER;
        stir(nowNs);
        if (rested) {
            // Its node was heard within an election timeout; the group's own leader must show itself within another.
            long assumedNs = nowNs - state.config.timing().electionTimeoutNs() / 2;
            state.lastLeaderContactNs = Math.max(state.lastLeaderContactNs, assumedNs);
            state.resetElectionTimer(nowNs);
        }
        return rested;
    }

    /** A follower that something woke wants to hear its leader, which may rest, unless that is who woke it. */
    void callLeader(long nowNs, RaftOutput out) {
        if (state.role == Role.FOLLOWER
                && state.leaderNodeId != RaftGroup.NO_NODE
                && state.lastLeaderContactNs != nowNs) {
            state.trace.beatSent(true, state.leaderNodeId, state.term, 0, 0);
            out.answers()
                    .add(state.leaderNodeId, state.config.groupId(), state.term, 0, 0, 0, 0, BeatState.WOKEN.value());
        }
    }

    /** Ends the rest of a role: what was asked of the peers is void, and they get an election timeout to be heard again. */
    void end(long nowNs) {
        boolean rested = state.isResting;
        state.isResting = false;
        asked = false;
        for (int i = 0; i < state.peers.count(); i++) {
            Progress peer = state.peers.peer(i);
            peer.forgetRest();
            if (rested && state.role == Role.LEADER) {
                peer.contacted(nowNs);
            }
        }
    }

    /** Leader: the state that its next heartbeat to a peer says. */
    @HotPath
    short stateFor(Progress peer, long requestId, long nowNs) {
        if (!mayRest(nowNs)) {
            return BeatState.AWAKE.value();
        }
        asked = true;
        peer.askedToRest(requestId);
        return BeatState.HIBERNATING.value();
    }

    @HotPath
    private boolean mayRest(long nowNs) {
        long afterNs = state.config.timing().hibernateAfterNs();
        if (afterNs == 0
                || nowNs - activeNs < afterNs
                || !isSettled()
                || state.commitIndex < state.termStartIndex
                || state.reads.count() > 0
                || state.transferTarget != RaftGroup.NO_NODE) {
            return false;
        }
        for (int i = 0; i < state.peers.count(); i++) {
            Progress peer = state.peers.peer(i);
            if (peer.state() != ProgressState.REPLICATE
                    || peer.match() != state.log.lastIndex()
                    || !peer.takesFrames()) {
                return false;
            }
        }
        return true;
    }

    /** Whether all of the log is on this disk and committed, and no change of members is under way. */
    @HotPath
    private boolean isSettled() {
        long lastIndex = state.log.lastIndex();
        return state.commitIndex == lastIndex && state.durableIndex == lastIndex && !state.isChangePending();
    }

    /** Leader: a peer answered a heartbeat. */
    @HotPath
    void onAnswer(short beatState, long requestId, Progress peer, long nowNs) {
        if (beatState == BeatState.WOKEN.value()) {
            stir(nowNs);
        } else if (beatState == BeatState.HIBERNATING.value() && peer.answersRest(requestId) && mayRest(nowNs)) {
            state.isResting = allRest();
        }
    }

    @HotPath
    private boolean allRest() {
        for (int i = 0; i < state.peers.count(); i++) {
            if (!state.peers.peer(i).isResting()) {
                return false;
            }
        }
        return true;
    }

    /** Follower: the leader's heartbeat says what it wants; returns what this replica does. */
    @HotPath
    short onHeartbeat(short beatState, long index) {
        boolean rests = beatState == BeatState.HIBERNATING.value() && index == state.log.lastIndex() && isSettled();
        state.isResting = rests;
        return rests ? BeatState.HIBERNATING.value() : BeatState.AWAKE.value();
    }

    /**
     * A node is lost, or began another life.
     *
     * @return whether this replica rested and is awake now
     */
    boolean onNodeGone(int nodeId, long nowNs) {
        if (!state.isResting || !state.rules.heedsLostNode()) {
            return false;
        }
        if (state.role == Role.LEADER) {
            if (state.peers.find(nodeId) == null) {
                return false;
            }
            activeNs = nowNs;
            end(nowNs);
            return true;
        }
        if (state.leaderNodeId != nodeId) {
            return false;
        }
        end(nowNs);
        state.spreadElection(nowNs);
        return true;
    }
}
