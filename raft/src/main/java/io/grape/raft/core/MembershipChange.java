package io.grape.raft.core;

import io.grape.codecs.sbe.EntryType;
import io.grape.raft.core.membership.ConfigurationCodec;
import io.grape.raft.core.membership.Membership;
import io.grape.raft.core.progress.Progress;
import io.grape.raft.core.progress.ProgressState;
import org.agrona.DirectBuffer;

/**
 * Changes the members: through a joint configuration that is left by itself once it is committed.
 *
 * <p>Paper, section 6; thesis, sections 4.1 to 4.3; no change before the term's first commit (Ongaro 2015, raft-dev).
 * Thread: the group's pipeline. A configuration is in force from the moment it is appended.
 */
final class MembershipChange {
    private final RaftState state;

    MembershipChange(RaftState state) {
        this.state = state;
    }

    /** @return index of the entry that begins the change, or a refusal of {@link RaftGroup#changeMembership} */
    long begin(Membership target, long nowNs) {
        boolean committedInTerm = state.commitIndex >= state.termStartIndex;
        if (!state.rules.mayChangeMembership(state.isChangePending(), committedInTerm)) {
            return RaftGroup.NOT_READY;
        }
        for (int i = 0; i < target.incomingCount(); i++) {
            if (!mayVote(target.incoming(i))) {
                return RaftGroup.NOT_CAUGHT_UP;
            }
        }
        return append(state.rules.nextConfiguration(state.membership(), target), nowNs);
    }

    /** Leaves a joint configuration that is committed: the new voters alone decide from here on. */
    void leaveJoint(long nowNs) {
        Membership current = state.membership();
        if (current.isJoint() && state.history.currentIndex() <= state.commitIndex) {
            append(current.left(), nowNs);
        }
    }

    /**
     * Binds members to the disks that were heard from them, so that from then on every replica, and every later one, knows
     * which disk is the member. Waits while another change is under way.
     */
    void bindDisks(long nowNs) {
        if (!state.lives.isTracked()
                || state.membership().isBound()
                || state.isChangePending()
                || state.transferTarget != RaftGroup.NO_NODE
                || state.commitIndex < state.termStartIndex) {
            return;
        }
        Membership current = state.membership();
        Membership bound = current;
        boolean learnt = false;
        for (int i = 0; i < current.memberCount(); i++) {
            int nodeId = current.member(i);
            long diskId = current.diskId(nodeId) == 0 ? state.lives.diskToBind(nodeId) : 0;
            if (diskId != 0) {
                bound = bound.withDisk(nodeId, diskId);
                learnt = true;
            }
        }
        if (learnt) {
            append(bound, nowNs);
        }
    }

    /** Whether the committed configuration has no vote for this leader. */
    boolean isRemoved() {
        return state.history.currentIndex() <= state.commitIndex
                && state.rules.mustStepDown(state.membership().isVoter(state.config.nodeId()));
    }

    /** Who is to vote must vote already, or have caught up as a learner; else the change could block commits for long. */
    boolean mayVote(int nodeId) {
        if (state.membership().isVoter(nodeId)) {
            return true;
        }
        Progress peer = state.peers.find(nodeId);
        return peer != null
                && (!state.lives.isTracked() || holdsItsBinding(peer))
                && peer.state() == ProgressState.REPLICATE
                && state.log.lastIndex() - peer.match() <= state.config.limits().maxEntriesPerAppend();
    }

    /** On a new disk a member votes only once its log says that it is the member; before, it would be a vote short. */
    private boolean holdsItsBinding(Progress peer) {
        return state.membership().diskId(peer.nodeId()) != 0 && peer.match() >= state.history.currentIndex();
    }

    private long append(Membership membership, long nowNs) {
        long index = state.log.lastIndex() + 1;
        DirectBuffer payload = ConfigurationCodec.encode(membership);
        state.append(index, state.term, EntryType.CONFIGURATION.value(), payload, 0, payload.capacity());
        state.uncommittedBytes += RaftGroup.ENTRY_OVERHEAD_BYTES + payload.capacity();
        state.configurationAppended(index, membership, nowNs);
        return index;
    }
}
