package io.grape.raft.core;

import io.grape.codecs.HotPath;
import io.grape.codecs.sbe.LifeVerdict;
import io.grape.raft.core.lives.Incarnation;
import io.grape.raft.core.lives.LifeTable;
import io.grape.raft.core.membership.Membership;
import io.grape.raft.core.membership.MembershipHistory;

/**
 * Judges from which life of which disk a message comes, and whether this replica's own disk may vote.
 *
 * <p>A member is a disk, not a name. Who is heard: the disk that the configuration binds the member to; before that the disk
 * that was heard first. Of that disk, the latest life that is remembered or a later one. A life is heard only once it is
 * remembered durably, so that nothing counts that a crash of ours could let an older copy contradict.
 *
 * <p>Two kinds of message are heard from another disk too, because our configuration may be the older one. What a leader
 * sends claims only that a quorum elected it, and that quorum judged its disk. A vote is asked of whoever the log names;
 * a candidate whose log is newer than ours may hold a configuration that we lack, and gets a vote like any other, once a
 * term and a disk.
 *
 * <p>Whether this disk may vote: once the log binds this member to it, or once it has formed (see {@link Formation}), and
 * never if it is known to have lost what it acknowledged.
 *
 * <p>What cannot be detected: an old copy of a disk whose later lives no living member has ever heard; a loss of
 * acknowledged entries that no leader notices within the term in which they were acknowledged and that leaves the start
 * counter as it was. Rows 28 and 31 of the list of pitfalls. Thread: the group's pipeline.
 */
final class Lives {
    private final RaftState state;
    private final LifeTable table;
    private final boolean tracked;
    private final int self;

    /** Slots whose life was learnt in this process and may not be durable yet, as bits; beyond 64 all wait. */
    private long unsettled;

    private long prunedThrough;
    private long votedTerm = RaftLog.NULL_TERM;
    private long votedDiskId;

    Lives(RaftState state) {
        this.state = state;
        this.tracked = state.config.life().isTracked();
        this.self = state.config.nodeId();
        this.table = tracked ? state.log.lives() : new LifeTable();
        this.prunedThrough = state.commitIndex;
    }

    /** Returns whether a message of this life may be heard. */
    @HotPath
    boolean hears(int source, long diskId, long incarnation) {
        int slot = table.find(source);
        if (slot != LifeTable.NULL_SLOT
                && table.incarnation(slot) == incarnation
                && table.diskId(slot) == diskId
                && table.state(slot) == LifeTable.KNOWN
                && !isOtherThanBound(source, diskId)) {
            return unsettled == 0 || isSettled(slot);
        }
        return hearsAnew(source, diskId, incarnation);
    }

    /** Returns whether what a leader sends from this life may be heard. */
    @HotPath
    boolean hearsLeader(int source, long diskId, long incarnation) {
        return hears(source, diskId, incarnation) || isReplacement(source, diskId, incarnation);
    }

    /** Returns whether a vote may be given to this life, whose log is newer than ours or not. */
    boolean hearsCandidate(int source, long diskId, long incarnation, boolean logIsNewer) {
        return hears(source, diskId, incarnation) || (logIsNewer && isReplacement(source, diskId, incarnation));
    }

    /** A vote is for a disk: of two that run under one name only one gets it, also across a restart of ours. */
    boolean mayVoteAgainFor(int votedFor, long term, long diskId) {
        boolean first = votedFor == RaftGroup.NO_NODE;
        return first || !tracked || (votedTerm == term && votedDiskId == diskId);
    }

    /** Notes the disk that got the vote of a term. */
    void votedFor(long term, long diskId) {
        votedTerm = term;
        votedDiskId = diskId;
    }

    private boolean isReplacement(int source, long diskId, long incarnation) {
        return judge(source, diskId, incarnation) == LifeVerdict.OTHER_DISK;
    }

    private boolean hearsAnew(int source, long diskId, long incarnation) {
        LifeVerdict verdict = judge(source, diskId, incarnation);
        if (verdict == LifeVerdict.OTHER_DISK) {
            state.counters.otherDisks++;
            return false;
        }
        if (verdict == LifeVerdict.LATER_LIFE || verdict == LifeVerdict.LOST_ACKNOWLEDGED) {
            state.counters.oldIncarnations++;
            return false;
        }
        if (!state.membership().isMember(source)) {
            return true;
        }
        remember(source, diskId, incarnation);
        return isSettled(table.find(source));
    }

    /** Returns what is known of a life: KNOWN also if it is the first, or a later one than the one that is remembered. */
    LifeVerdict judge(int source, long diskId, long incarnation) {
        if (isOtherThanBound(source, diskId)) {
            return LifeVerdict.OTHER_DISK;
        }
        int slot = table.find(source);
        if (slot == LifeTable.NULL_SLOT) {
            return LifeVerdict.KNOWN;
        }
        long known = table.diskId(slot);
        boolean bound = diskId != 0 && state.membership().diskId(source) == diskId;
        if (known != diskId) {
            // A version that named no disk, a configuration that knows better, or a disk of ours that has no past.
            boolean replaces = known == 0 || bound || (tracked && !isJoined());
            return replaces || !state.rules.isOtherDisk(true) ? LifeVerdict.KNOWN : LifeVerdict.OTHER_DISK;
        }
        if (table.state(slot) == LifeTable.EXCLUDED) {
            return LifeVerdict.LOST_ACKNOWLEDGED;
        }
        long latest = table.incarnation(slot);
        boolean admitted = incarnation == latest || Incarnation.isLater(incarnation, latest);
        return state.rules.isOfEarlierLife(admitted) ? LifeVerdict.LATER_LIFE : LifeVerdict.KNOWN;
    }

    /** Whether the configuration says that the member is another disk. */
    @HotPath
    private boolean isOtherThanBound(int source, long diskId) {
        long bound = state.membership().diskId(source);
        return bound != 0 && state.rules.isOtherDisk(bound != diskId);
    }

    /** Notes a member's life, durably if lives are tracked. */
    void remember(int source, long diskId, long incarnation) {
        int slot = table.find(source);
        if (slot != LifeTable.NULL_SLOT
                && table.diskId(slot) == diskId
                && table.incarnation(slot) == incarnation
                && table.state(slot) == LifeTable.KNOWN) {
            return;
        }
        put(source, diskId, incarnation, LifeTable.KNOWN);
        unsettled |= tracked ? bit(table.find(source)) : 0;
    }

    private void put(int nodeId, long diskId, long incarnation, int newState) {
        if (tracked) {
            state.log.life(nodeId, diskId, incarnation, newState);
        } else {
            table.put(nodeId, diskId, incarnation, newState);
        }
    }

    private boolean isSettled(int slot) {
        if (unsettled != 0 && state.log.livesAreDurable()) {
            unsettled = 0;
        }
        boolean settled = (unsettled & bit(slot)) == 0;
        if (!state.rules.mayHear(settled)) {
            state.counters.unheardLives++;
            return false;
        }
        return true;
    }

    private static long bit(int slot) {
        return 1L << Math.min(slot, Long.SIZE - 1);
    }

    /** Returns whether this replica may vote and stand. */
    boolean mayTakePart() {
        return state.rules.mayTakePart(isJoined()) && state.rules.mayTakePartUnderRepair(state.log.isUnderRepair());
    }

    /** Returns whether this disk is the member of this name. */
    boolean isJoined() {
        if (!tracked) {
            return true;
        }
        if (isExcluded()) {
            return false;
        }
        int own = table.find(self);
        long bound = state.membership().diskId(self);
        return bound != 0
                ? bound == state.config.diskId()
                : own != LifeTable.NULL_SLOT || state.config.life().formation() == Formation.VOUCHED;
    }

    /** Returns whether only the owner of this process says that the disk may vote, so that it must be noted. */
    boolean isVouchedFor() {
        return tracked
                && state.config.life().formation() == Formation.VOUCHED
                && table.find(self) == LifeTable.NULL_SLOT;
    }

    /** Notes durably that this disk may vote. */
    void form() {
        put(self, state.config.diskId(), state.config.incarnation(), LifeTable.FORMED);
    }

    /** Notes durably that this disk may never vote again. */
    void excludeSelf() {
        put(self, state.config.diskId(), state.config.incarnation(), LifeTable.EXCLUDED);
    }

    /** Notes durably that a peer lost what it acknowledged; it is heard no more until it is another disk. */
    void exclude(int nodeId) {
        int slot = table.find(nodeId);
        if (slot != LifeTable.NULL_SLOT) {
            put(nodeId, table.diskId(slot), table.incarnation(slot), LifeTable.EXCLUDED);
        }
    }

    /** Returns whether this disk is known to have lost what it acknowledged, or to be an old copy. */
    boolean isExcluded() {
        int own = table.find(self);
        return own != LifeTable.NULL_SLOT && table.state(own) == LifeTable.EXCLUDED;
    }

    /** Returns the disk that a node is remembered as; 0 for a node that is not. */
    long diskOf(int nodeId) {
        int slot = table.find(nodeId);
        return slot == LifeTable.NULL_SLOT ? 0 : table.diskId(slot);
    }

    /** Returns the life that a node is remembered in; 0 for a node that is not. */
    long incarnationOf(int nodeId) {
        int slot = table.find(nodeId);
        return slot == LifeTable.NULL_SLOT ? 0 : table.incarnation(slot);
    }

    boolean isTracked() {
        return tracked;
    }

    /** The disk of a peer that a configuration may bind it to: one that is remembered durably. 0 if there is none. */
    long diskToBind(int nodeId) {
        if (nodeId == self) {
            return state.config.diskId();
        }
        int slot = table.find(nodeId);
        boolean heard = slot != LifeTable.NULL_SLOT && table.state(slot) == LifeTable.KNOWN;
        return heard && state.log.livesAreDurable() ? table.diskId(slot) : 0;
    }

    /** A member whose removal is committed may come back as another disk, so what is known of it is forgotten. */
    void forgetRemoved() {
        MembershipHistory history = state.history;
        if (!tracked || history.currentIndex() <= prunedThrough || state.commitIndex <= prunedThrough) {
            return;
        }
        long from = prunedThrough;
        prunedThrough = Math.min(state.commitIndex, history.currentIndex());
        history.forEachBetween(from, prunedThrough, this::forgetAbsent);
    }

    private void forgetAbsent(Membership membership) {
        for (int slot = table.count() - 1; slot >= 0; slot--) {
            int nodeId = table.nodeId(slot);
            if (nodeId != self && !membership.isMember(nodeId)) {
                put(nodeId, 0, 0, LifeTable.FORGOTTEN);
                unsettled = table.count() == 0 ? 0 : -1L;
            }
        }
    }
}
